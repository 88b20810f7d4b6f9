/** Downloads bytes as a file: the browser, or the desktop's window, asks where or has a folder for it. */
export function saveBlob(blob: Blob, fileName: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  // The browser reads the URL later, without saying when.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

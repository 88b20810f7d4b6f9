/** Downloads a file through the browser, under a name. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has read the bytes by the next task; revoke the URL, which would keep them in memory.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Hands a file to the browser to be kept, under a name. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the bytes by the next task; the address would hold them for as long as the page is open.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Whether files are dragged, not a part of the page. */
export function dragsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

export function droppedFiles(event: DragEvent): File[] {
  return [...(event.dataTransfer?.files ?? [])];
}

/**
 * Images of a paste; [] for anything else. In a text field, text has priority: other programs put both into the clipboard.
 */
export function pastedFiles(event: ClipboardEvent): File[] {
  const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
  const writes = event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable]');
  return writes && event.clipboardData?.types.includes('text/plain') ? [] : files;
}

/** For the file dialog. The content of each file is checked later. */
export const IMAGE_TYPES = 'image/png,image/jpeg,image/webp,image/gif';

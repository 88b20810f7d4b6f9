/** What drags and the clipboard hold. */

/** Whether files are dragged, and not a part of the page. */
export function dragsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

export function droppedFiles(event: DragEvent): File[] {
  return [...(event.dataTransfer?.files ?? [])];
}

/**
 * Images of a paste; [] where it is something else. In a field of text, words that come along go first: other programs put both into
 * the clipboard.
 */
export function pastedFiles(event: ClipboardEvent): File[] {
  const files = [...(event.clipboardData?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
  const writes = event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable]');
  return writes && event.clipboardData?.types.includes('text/plain') ? [] : files;
}

/** For the chooser of files. What is in a file is looked at in any case. */
export const IMAGE_TYPES = 'image/png,image/jpeg,image/webp,image/gif';

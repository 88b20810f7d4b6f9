/** A note as it is stored: without control characters except line breaks and tabs; empty if nothing but spaces is left. */
export function cleanNote(note: string): string {
  const text = note
    .toWellFormed()
    .replaceAll('\r\n', '\n')
    .replace(/[\0-\x08\x0b-\x1f\x7f]/gu, '');
  return text.trim() === '' ? '' : text;
}

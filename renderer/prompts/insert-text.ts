/**
 * Puts text in place of a field's selection, or of everything, as if it was typed: the field's own undo takes it back, and its `input` event
 * is fired. Moves the focus there.
 */
export function insertText(field: HTMLTextAreaElement, text: string, where: 'selection' | 'all'): void {
  field.focus();
  if (where === 'all') field.select();
  const act = text === '' ? 'delete' : 'insertText';
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way that keeps the field's undo history
  if (document.execCommand(act, false, text)) return;
  const [from, to] = [field.selectionStart, field.selectionEnd];
  field.setRangeText(text, from, to, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertText' }));
}

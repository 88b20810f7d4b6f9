import { isKey } from '../shared/keyboard/shortcut-keys.ts';
import type { PromptWalk } from './PromptWalk.svelte.ts';

interface FieldKeys {
  walk: PromptWalk;
  openHistory: () => void;
  /** Shows a prompt in the field. */
  show: (text: string) => void;
}

/**
 * Keys of a prompt field: ArrowUp in an empty field walks back through used prompts, ArrowDown forward to what was typed; Ctrl ArrowUp opens the
 * history. A walk goes on while the text is as it was shown and the caret is at one of its ends, so that a long prompt can be read and edited.
 */
export function onPromptKey(
  event: KeyboardEvent & { currentTarget: HTMLTextAreaElement },
  { walk, openHistory, show }: FieldKeys,
): void {
  const back = isKey(event, 'ArrowUp');
  if ((!back && !isKey(event, 'ArrowDown')) || event.altKey || event.shiftKey) return;
  if (event.ctrlKey || event.metaKey) {
    if (!back) return;
    event.preventDefault();
    openHistory();
    return;
  }
  const field = event.currentTarget;
  const { value, selectionStart, selectionEnd } = field;
  const isAtEnd = selectionStart === selectionEnd && (selectionEnd === value.length || selectionEnd === 0);
  if (!isAtEnd || !(walk.isAt(value) || (back && value.trim() === ''))) return;
  event.preventDefault();
  if (back) {
    void walk.older(value).then((text) => {
      // It may come late: what was typed meanwhile stays, and so does the focus.
      if (text !== null && field.value === value && document.activeElement === field) show(text);
    });
  } else {
    const text = walk.newer(value);
    if (text !== null) show(text);
  }
}

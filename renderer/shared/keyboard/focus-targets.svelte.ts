import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** Not reactive: nothing is rendered from them. */
const targets: Record<string, HTMLElement | undefined> = {};
let pendingName: string | null = null;

/** Event that bubbles from an element before it gets the focus, so that a collapsed parent can open. */
export const REVEAL_EVENT = 'reveal';

async function focusElement(element: HTMLElement): Promise<void> {
  pendingName = null;
  // Parents mount after their children.
  await tick();
  element.dispatchEvent(new CustomEvent(REVEAL_EVENT, { bubbles: true }));
  await tick();
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/** Registers an element under a name for shortcuts: `<textarea {@attach focusTarget('prompt')}>`. */
export function focusTarget(name: string): Attachment<HTMLElement> {
  return (element) => {
    targets[name] = element;
    if (pendingName === name) void focusElement(element);
    return () => {
      if (targets[name] === element) targets[name] = undefined;
    };
  };
}

/** Moves the focus to the named element, now or as soon as it is on the page. */
export function focusOn(name: string): void {
  const element = targets[name];
  if (element) void focusElement(element);
  else pendingName = name;
}

import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** Nothing draws them, so nothing has to know when they change. */
const targets: Record<string, HTMLElement | undefined> = {};
let awaited: string | null = null;

/** Bubbles from an element that is about to take the focus, so that what hides it can show it first. */
export const REVEAL_EVENT = 'reveal';

async function take(element: HTMLElement): Promise<void> {
  awaited = null;
  // What is around the element comes to life after it.
  await tick();
  element.dispatchEvent(new CustomEvent(REVEAL_EVENT, { bubbles: true }));
  await tick();
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/** Registers an element under a name that a key leads to: `<textarea {@attach focusTarget('prompt')}>`. */
export function focusTarget(name: string): Attachment<HTMLElement> {
  return (element) => {
    targets[name] = element;
    if (awaited === name) void take(element);
    return () => {
      if (targets[name] === element) targets[name] = undefined;
    };
  };
}

/** Moves the focus to the element of that name, now or as soon as it is on the page. */
export function focusOn(name: string): void {
  const element = targets[name];
  if (element) void take(element);
  else awaited = name;
}

import type { Attachment } from 'svelte/attachments';

/** Nothing draws them, so nothing has to know when they change. */
const targets: Record<string, HTMLElement | undefined> = {};
let awaited: string | null = null;

function take(element: HTMLElement): void {
  awaited = null;
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/** Registers an element under a name that a key leads to: `<textarea {@attach focusTarget('prompt')}>`. */
export function focusTarget(name: string): Attachment<HTMLElement> {
  return (element) => {
    targets[name] = element;
    if (awaited === name) take(element);
    return () => {
      if (targets[name] === element) targets[name] = undefined;
    };
  };
}

/** Moves the focus to the element of that name, now or as soon as it is on the page. */
export function focusOn(name: string): void {
  const element = targets[name];
  if (element) take(element);
  else awaited = name;
}

import type { Attachment } from 'svelte/attachments';

const targets = new Map<string, HTMLElement>();
let awaited: string | null = null;

function take(element: HTMLElement): void {
  awaited = null;
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/** Registers an element under a name that a key leads to: `<textarea {@attach focusTarget('prompt')}>`. */
export function focusTarget(name: string): Attachment<HTMLElement> {
  return (element) => {
    targets.set(name, element);
    if (awaited === name) take(element);
    return () => {
      if (targets.get(name) === element) targets.delete(name);
    };
  };
}

/** Moves the focus to the element of that name, now or as soon as it is on the page. */
export function focusOn(name: string): void {
  const element = targets.get(name);
  if (element) take(element);
  else awaited = name;
}

import { tick } from 'svelte';

interface Target {
  element: HTMLElement;
  /** In place of focusing the element itself. */
  enter: (() => void) | null;
}

/** Not reactive: nothing is rendered from them. */
const targets: Record<string, Target | undefined> = {};
let pendingName: string | null = null;

/** Event that bubbles from an element before it gets the focus, so that a collapsed parent can open. */
export const REVEAL_EVENT = 'reveal';

async function focusElement({ element, enter }: Target): Promise<void> {
  pendingName = null;
  // Parents mount after their children.
  await tick();
  element.dispatchEvent(new CustomEvent(REVEAL_EVENT, { bubbles: true }));
  await tick();
  if (enter) {
    enter();
    return;
  }
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/**
 * Registers an element under a name for shortcuts: `<textarea {@attach focusTarget('prompt')}>`.
 * @param enter focuses something in it instead, such as a grid's current cell
 */
export function focusTarget(name: string, enter: (() => void) | null = null): (element: HTMLElement) => () => void {
  return (element) => {
    const target = { element, enter };
    targets[name] = target;
    if (pendingName === name) void focusElement(target);
    return () => {
      if (targets[name] === target) targets[name] = undefined;
    };
  };
}

/** Moves the focus to the named element, now or as soon as it is on the page. */
export function focusOn(name: string): void {
  const target = targets[name];
  if (target) void focusElement(target);
  else pendingName = name;
}

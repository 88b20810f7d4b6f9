import { tick } from 'svelte';

interface Target {
  element: HTMLElement;
  /** In place of focusing the element itself. */
  enter: Enter | null;
}

/**
 * Focuses something in an element, now or once it is there.
 * @param isWanted false once the focus has been moved or asked for elsewhere
 */
type Enter = (isWanted: () => boolean) => void;

/** Not reactive: nothing is rendered from them. */
const targets: Record<string, Target | undefined> = {};
let pendingName: string | null = null;
/** Number of times that the focus was asked for: only the last time counts. */
let asked = 0;

/** Event that bubbles from an element before it gets the focus, so that a collapsed parent can open. */
export const REVEAL_EVENT = 'reveal';

async function focusElement({ element, enter }: Target): Promise<void> {
  pendingName = null;
  asked += 1;
  const own = asked;
  // Parents mount after their children.
  await tick();
  element.dispatchEvent(new CustomEvent(REVEAL_EVENT, { bubbles: true }));
  await tick();
  if (asked !== own) return;
  if (enter) {
    const { activeElement } = document;
    const isThere = (): boolean => [activeElement, document.body].includes(document.activeElement);
    enter(() => asked === own && isThere());
    return;
  }
  element.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/**
 * Registers an element under a name for shortcuts: `<textarea {@attach focusTarget('prompt')}>`.
 * @param enter focuses something in it instead, such as a grid's current cell
 */
export function focusTarget(name: string, enter: Enter | null = null): (element: HTMLElement) => () => void {
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
  if (target) {
    void focusElement(target);
    return;
  }
  asked += 1;
  pendingName = name;
}

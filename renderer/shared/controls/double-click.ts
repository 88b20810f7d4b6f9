/**
 * A click handler that ignores the second click of a mouse's or finger's double click, also if the first one put another button under
 * the pointer. Keyboard presses always pass.
 */
export function firstClickOnly(handler: () => unknown): (event: MouseEvent) => void {
  return (event) => {
    if (event.detail < 2) handler();
  };
}

/** The second press of a double click comes within this time, in milliseconds. */
const DOUBLE_CLICK = 500;

/** Keeps a double click on a button that spends money from sending two requests. */
export class DoubleClickGuard {
  #button: string | null = null;
  #until = 0;

  /** True if `button` was pressed less than 500 ms ago. Other buttons are not affected. */
  blocks(button: string): boolean {
    return button === this.#button && performance.now() < this.#until;
  }

  /** Starts the 500 ms for `button`. */
  press(button: string): void {
    this.#button = button;
    this.#until = performance.now() + DOUBLE_CLICK;
  }

  /** The request of the last press has an outcome: the same button may be pressed again at once. */
  release(): void {
    this.#button = null;
  }
}

/**
 * A click handler that ignores the second click of a mouse's or finger's double click, also if the first one put another button under
 * the pointer. Keyboard presses always pass.
 */
export function firstClickOnly(handler: () => unknown): (event: MouseEvent) => void {
  return (event) => {
    if (event.detail < 2) handler();
  };
}

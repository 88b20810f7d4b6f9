interface Toast {
  message: string;
  /** A button, such as Undo. */
  action?: { label: string; run: () => void };
}

const TOAST_MS = 8000;

/** The toast at the bottom left. A new one replaces the old one. */
export class Toasts {
  current = $state<Toast | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(toast: Toast): void {
    this.current = toast;
    this.resume();
  }

  /** Pauses the timer while the pointer or focus is on the toast. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dismiss(), TOAST_MS);
  }

  /** Runs its action and dismisses it. */
  act(): void {
    const action = this.current?.action;
    this.dismiss();
    action?.run();
  }

  dismiss(): void {
    clearTimeout(this.#timer);
    this.current = null;
  }
}

/** The page's toasts. */
export const toasts = new Toasts();

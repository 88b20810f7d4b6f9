interface Toast {
  message: string;
  /** One way to take it back. */
  action?: { label: string; run: () => void };
}

const TOAST_MS = 8000;

/** The one short message that may stand at the bottom left. A new one takes the old one's place. */
export class Toasts {
  current = $state<Toast | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;

  show(toast: Toast): void {
    this.current = toast;
    this.resume();
  }

  /** Stops the clock, while a pointer or the focus is on it. */
  hold(): void {
    clearTimeout(this.#timer);
  }

  resume(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.dismiss(), TOAST_MS);
  }

  /** Takes it back by its action, and goes. */
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

/** The page has one place for them. */
export const toasts = new Toasts();

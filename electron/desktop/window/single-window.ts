/** As much of Electron's window as this file touches. */
export interface WindowLike {
  isDestroyed(): boolean;
  isMinimized(): boolean;
  restore(): void;
  show(): void;
  focus(): void;
  loadURL(address: string): Promise<void>;
  once(event: 'closed', listener: () => void): unknown;
}

export interface SingleWindow<W> {
  /** The window while there is one, from before its page loads. */
  current(): W | null;
  /** Brings the window to the front, and opens it where there is none. Resolves when it shows its page. */
  show(): Promise<void>;
}

/**
 * Holds the program's one window, however often and however fast it is asked for.
 * @param make a window that is still empty
 */
export function createSingleWindow<W extends WindowLike>(make: () => Promise<W>, address: string): SingleWindow<W> {
  let window: W | null = null;
  let opening: Promise<void> | null = null;

  const open = async (): Promise<void> => {
    const made = await make();
    window = made;
    made.once('closed', () => {
      if (window === made) window = null;
    });
    try {
      await made.loadURL(address);
    } catch (thrown) {
      // Closed before its page was there: that ends the loading, and nothing is wrong.
      if (!made.isDestroyed()) throw thrown;
    }
  };

  return {
    current: () => window,
    async show() {
      if (window) focusWindow(window);
      else {
        opening ??= open().finally(() => (opening = null));
        await opening;
      }
    },
  };
}

function focusWindow(window: WindowLike): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

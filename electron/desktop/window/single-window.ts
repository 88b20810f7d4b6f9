/** The used part of Electron's window. */
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
  /** The window, or null if there is none. Set before its page loads. */
  current(): W | null;
  /** Brings the window to the front, or opens it. Resolves when its page is shown. */
  show(): Promise<void>;
}

/**
 * Manages the program's only window, also for repeated and concurrent calls.
 * @param make creates an empty window
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
      // Closing the window aborts loading; that isn't an error.
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

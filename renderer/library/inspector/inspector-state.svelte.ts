const KEY = 'emulsion.library-inspector';
/** Windows from this width show it until someone hides it, px. */
const ROOMY = 1600;

/** Whether the library's inspector is shown. Remembered. */
export class InspectorState {
  #open = $state(read());

  get open(): boolean {
    return this.#open;
  }

  set open(open: boolean) {
    this.#open = open;
    try {
      localStorage.setItem(KEY, String(open));
    } catch {
      // Storage is unavailable: it lasts as long as the page.
    }
  }
}

function read(): boolean {
  try {
    const stored = localStorage.getItem(KEY);
    if (stored !== null) return stored === 'true';
  } catch {
    // As if nothing was stored.
  }
  return window.innerWidth >= ROOMY;
}

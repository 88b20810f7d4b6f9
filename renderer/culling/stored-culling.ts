const KEY = 'emulsion.culling-advances';

/** Whether the next image is shown after a decision, as it was set last. */
export function readAdvances(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}

export function storeAdvances(advances: boolean): void {
  try {
    localStorage.setItem(KEY, advances ? 'on' : 'off');
  } catch {
    // Storage is unavailable: it isn't remembered.
  }
}

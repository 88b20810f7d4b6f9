import * as v from 'valibot';

const KEY = 'emulsion.viewer-panel';
const PanelSchema = v.object({ open: v.boolean(), tab: v.string() });

/** The panel below the viewer's image: whether it is open, and its tab. */
export interface StoredPanel {
  open: boolean;
  tab: string;
}

/** The panel as it was left; changes are stored. */
export function storedPanel(): StoredPanel {
  let state = $state.raw<StoredPanel>(read());
  const store = (next: StoredPanel): void => {
    state = next;
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Storage is unavailable: it isn't remembered.
    }
  };
  return {
    get open() {
      return state.open;
    },
    set open(open) {
      store({ ...state, open });
    },
    get tab() {
      return state.tab;
    },
    set tab(tab) {
      store({ ...state, tab });
    },
  };
}

function read(): StoredPanel {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    return v.is(PanelSchema, stored) ? stored : { open: true, tab: 'family' };
  } catch {
    return { open: true, tab: 'family' };
  }
}

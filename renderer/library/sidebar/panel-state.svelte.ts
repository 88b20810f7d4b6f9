import * as v from 'valibot';

const KEY = 'emulsion.filter-panel';
const StoredSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ shown: v.boolean(), sections: v.record(v.string(), v.boolean()) }),
);
type Stored = v.InferOutput<typeof StoredSchema>;

/** Whether the column at the left is shown, and which of its sections are unfolded. Remembered. */
export class PanelState {
  #stored = $state.raw<Stored>(read());

  get shown(): boolean {
    return this.#stored.shown;
  }

  set shown(shown: boolean) {
    this.#keep({ ...this.#stored, shown });
  }

  /** `byDefault`: what it is until someone folds or unfolds it. */
  isOpen(section: string, byDefault: boolean): boolean {
    return this.#stored.sections[section] ?? byDefault;
  }

  toggle(section: string, byDefault: boolean): void {
    const sections = { ...this.#stored.sections, [section]: !this.isOpen(section, byDefault) };
    this.#keep({ ...this.#stored, sections });
  }

  #keep(stored: Stored): void {
    this.#stored = stored;
    try {
      localStorage.setItem(KEY, JSON.stringify(stored));
    } catch {
      // Storage is unavailable: it lasts as long as the page.
    }
  }
}

function read(): Stored {
  const fresh = { shown: true, sections: {} };
  try {
    const parsed = v.safeParse(StoredSchema, localStorage.getItem(KEY));
    return parsed.success ? parsed.output : fresh;
  } catch {
    return fresh;
  }
}

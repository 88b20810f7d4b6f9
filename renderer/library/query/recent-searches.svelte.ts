import * as v from 'valibot';

const KEY = 'emulsion.recent-searches';
const MAX_RECENT = 12;
/** Longer ones were pasted and aren't typed again. */
const MAX_LENGTH = 300;
const ListSchema = v.pipe(v.string(), v.parseJson(), v.array(v.string()), v.maxLength(MAX_RECENT));

/** The last searches that someone asked on purpose, newest first. Kept in this browser only. */
export class RecentSearches {
  #list = $state.raw<readonly string[]>(read());

  get list(): readonly string[] {
    return this.#list;
  }

  /** Puts a search first. One that it continues (`fo`, `fox`) is replaced. */
  add(text: string): void {
    const search = text.trim();
    if (search === '' || search.length > MAX_LENGTH) return;
    const [last = '', ...older] = this.#list;
    const rest = search.startsWith(last) && search !== last ? older : this.#list;
    this.#keep([search, ...rest.filter((each) => each !== search)].slice(0, MAX_RECENT));
  }

  remove(text: string): void {
    this.#keep(this.#list.filter((each) => each !== text));
  }

  #keep(list: readonly string[]): void {
    this.#list = list;
    try {
      localStorage.setItem(KEY, JSON.stringify(list));
    } catch {
      // Storage is unavailable: they last as long as the page.
    }
  }
}

function read(): readonly string[] {
  try {
    const parsed = v.safeParse(ListSchema, localStorage.getItem(KEY));
    return parsed.success ? parsed.output : [];
  } catch {
    return [];
  }
}

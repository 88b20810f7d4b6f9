import { renumber } from './columns.ts';

/** Which images have each tag, or are in each collection: ascending ordinals by key. */
export class Lists {
  readonly #lists = new Map<number, Uint32Array>();

  get(key: number): Uint32Array {
    return this.#lists.get(key) ?? NOTHING;
  }

  set(key: number, ordinals: Uint32Array): void {
    if (ordinals.length === 0) this.#lists.delete(key);
    else this.#lists.set(key, ordinals);
  }

  entries(): IterableIterator<[number, Uint32Array]> {
    return this.#lists.entries();
  }

  /** Ordinals that no longer belong to a key, and those that do now; both ascending. */
  change(key: number, removed: Uint32Array, added: Uint32Array): void {
    this.set(key, merge(subtract(this.get(key), removed), added));
  }

  /** After {@link Columns.insert}. */
  renumber(places: Uint32Array, oldCount: number): void {
    if (places.length === 0 || (places[0] ?? 0) >= oldCount) return;
    for (const ordinals of this.#lists.values()) renumber(ordinals, places, oldCount);
  }
}

const NOTHING = new Uint32Array(0);

/** The ordinals of `all` that aren't in `removed`. */
function subtract(all: Uint32Array, removed: Uint32Array): Uint32Array {
  if (removed.length === 0) return all;
  const kept = new Uint32Array(all.length);
  let next = 0;
  let at = 0;
  for (const ordinal of all) {
    while (at < removed.length && (removed[at] ?? 0) < ordinal) at += 1;
    if (removed[at] !== ordinal) kept[next++] = ordinal;
  }
  return kept.slice(0, next);
}

/** Both, each ordinal once. */
function merge(a: Uint32Array, b: Uint32Array): Uint32Array {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  const merged = new Uint32Array(a.length + b.length);
  let next = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length;) {
    const left = a[i] ?? Infinity;
    const right = b[j] ?? Infinity;
    merged[next++] = Math.min(left, right);
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return merged.slice(0, next);
}

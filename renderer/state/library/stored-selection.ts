import * as v from 'valibot';
import { ImageIdSchema } from '../../../electron/contract/entities/ids.ts';
import type { SelectionParts } from './selection-parts.ts';

/** Selections with more ids than this don't survive a restart. */
const MAX_STORED = 1000;
const KEY = 'emulsion.selection';

const ids = v.pipe(v.array(ImageIdSchema), v.maxLength(MAX_STORED));
const StoredSelectionSchema = v.object({
  place: v.string(),
  whole: v.boolean(),
  wholeCount: v.number(),
  until: v.number(),
  current: v.nullable(ImageIdSchema),
  chosen: ids,
  except: ids,
  ranges: v.pipe(
    v.array(v.object({ from: v.number(), to: v.number(), first: ImageIdSchema, last: ImageIdSchema })),
    v.maxLength(MAX_STORED),
  ),
});
/** A selection as kept over a restart. */
export type StoredSelection = v.InferOutput<typeof StoredSelectionSchema>;

/** The selection kept for a library; null for none, or one that can't be read. */
export function readSelection(folder: string): StoredSelection | null {
  const text = localStorage.getItem(keyOf(folder));
  if (text === null) return null;
  try {
    const read = v.safeParse(StoredSelectionSchema, JSON.parse(text));
    return read.success ? read.output : null;
  } catch {
    return null;
  }
}

/** The parts of a kept selection. Positions are those of the last run until they are looked up. */
export function partsOf({ whole, chosen, ranges, except }: StoredSelection): SelectionParts {
  return {
    whole,
    chosen: new Map(chosen.map((id) => [id, null])),
    ranges,
    except: new Map(except.map((id) => [id, null])),
  };
}

/** What is kept of a selection's parts: ranges whose ends are known. */
export function storedParts({
  whole,
  chosen,
  ranges,
  except,
}: SelectionParts): Pick<StoredSelection, 'whole' | 'chosen' | 'ranges' | 'except'> {
  return {
    whole,
    chosen: [...chosen.keys()],
    except: [...except.keys()],
    ranges: ranges.flatMap(({ from, to, first, last }) => (first && last ? [{ from, to, first, last }] : [])),
  };
}

/** Keeps a selection; nothing where it is empty or has too many parts. */
export function storeSelection(folder: string, selection: StoredSelection): void {
  const { whole, chosen, except, ranges } = selection;
  const parts = chosen.length + except.length + ranges.length;
  try {
    if ((parts === 0 && !whole) || parts > MAX_STORED) localStorage.removeItem(keyOf(folder));
    else localStorage.setItem(keyOf(folder), JSON.stringify(selection));
  } catch {
    // Storage is unavailable: the selection doesn't survive a restart.
  }
}

function keyOf(folder: string): string {
  return `${KEY} ${folder}`;
}

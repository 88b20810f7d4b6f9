import { COLUMN_NAMES, Columns, elementsOf, STATES } from './columns.ts';
import type { IndexData } from './index-data.ts';
import { Lineage } from './lineage.ts';
import { Lists } from './lists.ts';

/** The data without removed images, under new ordinals; the data itself where there are none. */
export function compacted(data: IndexData): IndexData {
  const { columns } = data;
  const { state } = columns.arrays;
  const kept = new Uint32Array(columns.count);
  const moved = new Uint32Array(columns.count).fill(GONE);
  let count = 0;
  for (let ordinal = 0; ordinal < columns.count; ordinal += 1) {
    if (((state[ordinal] ?? 0) & STATES.removed) !== 0) continue;
    moved[ordinal] = count;
    kept[count++] = ordinal;
  }
  if (count === columns.count) return data;
  const ordinalsOf = (ordinals: Uint32Array): Uint32Array<ArrayBuffer> =>
    Uint32Array.from(ordinals, (ordinal) => moved[ordinal] ?? GONE).filter((ordinal) => ordinal !== GONE);
  const listsOf = (lists: Lists): Lists => {
    const compact = new Lists();
    for (const [key, ordinals] of lists.entries()) compact.set(key, ordinalsOf(ordinals));
    return compact;
  };
  return {
    ...data,
    columns: gather(columns, kept.subarray(0, count)),
    tags: listsOf(data.tags),
    collections: listsOf(data.collections),
    // Links of removed images were left out when they were removed.
    lineage: new Lineage(ordinalsOf(data.lineage.children), ordinalsOf(data.lineage.parents)),
  };
}

const GONE = 0xffff_ffff;

function gather(columns: Columns, kept: Uint32Array): Columns {
  const compact = new Columns(kept.length);
  compact.count = kept.length;
  compact.names = columns.names;
  compact.sizes = columns.sizes;
  for (const name of COLUMN_NAMES) {
    const each = elementsOf(name);
    const [from, to] = [columns.arrays[name], compact.arrays[name]];
    for (const [place, ordinal] of kept.entries())
      for (let index = 0; index < each; index += 1) to[place * each + index] = from[ordinal * each + index] ?? 0;
  }
  return compact;
}

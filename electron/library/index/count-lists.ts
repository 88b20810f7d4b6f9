import type { FacetValue } from '../../contract/entities/views.ts';
import { and, countBits, hasBit, setBit, type Bits } from './bits.ts';
import type { Lists } from './lists.ts';

/** A tag or a collection, with those below it. */
interface Label {
  name: string;
  /** Keys of lists. */
  below: readonly number[];
  /** Queries of smart collections. */
  smart: readonly string[];
}

interface Listed {
  lists: Lists;
  labels: readonly Label[];
  /** The images of a smart collection; null: not found yet, and there is no time for it now. */
  smart(query: string): Bits | null;
}

/** How many images of a set each label has, each once. Labels whose images aren't found yet are left out. */
export function countLists(count: number, bits: Bits, { lists, labels, smart }: Listed): FacetValue[] {
  const seen = new Uint32Array(labels.some(({ below }) => below.length > 1) ? count : 0);
  return labels.flatMap((label, index): FacetValue[] => {
    const { name, below } = label;
    const [first = -1] = below;
    let images: number | null;
    if (label.smart.length > 0) images = countSmart(lists, label, bits, smart);
    else if (below.length === 1) images = countIn(lists.get(first), bits);
    else images = countOnce(lists, below, { bits, seen, mark: index + 1 });
    return images === null ? [] : [{ value: name, label: name, count: images }];
  });
}

function countIn(ordinals: Uint32Array, bits: Bits): number {
  let images = 0;
  for (let index = 0; index < ordinals.length; index += 1) if (hasBit(bits, ordinals[index] ?? 0)) images += 1;
  return images;
}

function countOnce(
  lists: Lists,
  keys: readonly number[],
  { bits, seen, mark }: { bits: Bits; seen: Uint32Array; mark: number },
): number {
  let images = 0;
  for (const key of keys)
    for (const ordinal of lists.get(key))
      if (seen[ordinal] !== mark && hasBit(bits, ordinal)) {
        seen[ordinal] = mark;
        images += 1;
      }
  return images;
}

function countSmart(
  lists: Lists,
  { below, smart: queries }: Label,
  bits: Bits,
  smart: (query: string) => Bits | null,
): number | null {
  const all = new Uint32Array(bits.length);
  for (const query of queries) {
    const found = smart(query);
    if (!found) return null;
    for (let word = 0; word < all.length; word += 1) all[word] = (all[word] ?? 0) | (found[word] ?? 0);
  }
  for (const key of below) for (const ordinal of lists.get(key)) setBit(all, ordinal);
  return countBits(and(all, bits));
}

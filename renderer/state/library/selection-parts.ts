import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { countPositions, rangeAt, unite, type PositionRange } from './position-ranges.ts';

/** Most images that are chosen one by one, or excepted; the contract's limit. */
const MAX_CHOSEN = 10_000;
/** A range of at most this many loaded images is kept as images: it stays the same when the order changes. */
const MAX_EXPANDED = 1000;
/** The contract's limit. */
const MAX_RANGES = 1000;

/** A range of the view. Its ends are known by id once the rows are loaded. */
export interface ViewRange extends PositionRange {
  first: ImageId | null;
  last: ImageId | null;
}

/** What is selected: the whole view or ranges of it, without exceptions, and images chosen one by one. */
export interface SelectionParts {
  readonly whole: boolean;
  /** Positions where known. */
  readonly chosen: ReadonlyMap<ImageId, number | null>;
  /** Sorted and apart. */
  readonly ranges: readonly ViewRange[];
  readonly except: ReadonlyMap<ImageId, number | null>;
}

/** What is known of the images at positions. */
export interface LoadedImages {
  idAt(position: number): ImageId | null;
  /** Whether the image at a position was there when the selection began. Those that aren't loaded count as such. */
  isMeant(position: number): boolean;
}

export function noParts(): SelectionParts {
  return { whole: false, chosen: new Map(), ranges: [], except: new Map() };
}

/** The number of selected images. `whole`: images in the view where all of them are selected. */
export function countParts({ whole, chosen, ranges, except }: SelectionParts, wholeCount: number): number {
  return Math.max(0, (whole ? wholeCount : countPositions(ranges) + chosen.size) - except.size);
}

/** Where the selection begins; null where nothing is selected, or that isn't known. */
export function firstOf({ whole, chosen, ranges }: SelectionParts): number | null {
  if (whole) return 0;
  const first = Math.min(ranges[0]?.from ?? Infinity, ...[...chosen.values()].map((at) => at ?? Infinity));
  return Number.isFinite(first) ? first : null;
}

/** Whether an image is selected. `id`: null where its row isn't loaded. */
export function hasImage(parts: SelectionParts, position: number, id: ImageId | null, images: LoadedImages): boolean {
  if (id !== null && parts.except.has(id)) return false;
  if (id !== null && parts.chosen.has(id)) return true;
  return covers(parts, position, images);
}

/** Whether the whole or a range has the image at a position. */
function covers({ whole, ranges }: SelectionParts, position: number, images: LoadedImages): boolean {
  return (whole || rangeAt(ranges, position) >= 0) && images.isMeant(position);
}

/**
 * Adds ranges. A short one of loaded images is added as images.
 * @returns the parts and the ranges that stay ranges; null: there would be too many
 */
export function addRanges(
  parts: SelectionParts,
  added: readonly PositionRange[],
  images: LoadedImages,
): { parts: SelectionParts; wide: readonly ViewRange[] } | null {
  const { whole, chosen, ranges, except } = parts;
  const few = countPositions(added);
  const expands = few <= MAX_EXPANDED && few + chosen.size <= MAX_CHOSEN;
  const back = new Map(except);
  const more = new Map(chosen);
  const wide: ViewRange[] = [];
  for (const { from, to } of added) {
    const ids = expands ? loadedIds(from, to, images) : null;
    if (ids === null) wide.push({ from, to, first: images.idAt(from), last: images.idAt(to) });
    ids?.forEach((id, index) => {
      const excepted = back.delete(id);
      if (!excepted && !covers(parts, from + index, images)) more.set(id, from + index);
    });
  }
  const united = unite([...ranges, ...wide], join);
  if (united.length > MAX_RANGES) return null;
  dropWithin(wide, back);
  dropWithin(wide, more);
  return { parts: { whole, ranges: united, chosen: more, except: back }, wide };
}

function loadedIds(from: number, to: number, images: LoadedImages): ImageId[] | null {
  const ids: ImageId[] = [];
  for (let position = from; position <= to; position += 1) {
    const id = images.idAt(position);
    if (id === null) return null;
    ids.push(id);
  }
  return ids;
}

/** Takes an image out. Null: there are too many exceptions. */
export function takeOut(parts: SelectionParts, id: ImageId, position: number): SelectionParts | null {
  if (parts.chosen.has(id)) {
    const chosen = new Map(parts.chosen);
    chosen.delete(id);
    return { ...parts, chosen };
  }
  if (parts.except.size >= MAX_CHOSEN) return null;
  return { ...parts, except: new Map(parts.except).set(id, position) };
}

/** A sentence on why `takeOut` gave nothing. */
export const TOO_MANY_EXCEPTIONS = `Up to ${MAX_CHOSEN.toLocaleString('en')} images can be left out one by one. Nothing was changed.`;

/** All images whose position in another revision has to be known for `moveParts`. */
export function idsOf({ chosen, ranges, except }: SelectionParts): ImageId[] {
  const ends = ranges.flatMap(({ first, last }) => [first, last]).filter((id) => id !== null);
  return [...ends, ...chosen.keys(), ...except.keys()];
}

/**
 * The parts in another revision. What is no longer in the view is no longer selected; what was selected meanwhile stays.
 * @param found the positions there of those that were looked up
 * @param reordered an edit may have moved images into and out of ranges: one that changed its length is dropped
 */
export function moveParts(
  { whole, chosen, ranges, except }: SelectionParts,
  found: ReadonlyMap<ImageId, number | null>,
  reordered: boolean,
): SelectionParts {
  const moved = ranges.flatMap((range): ViewRange[] => {
    if (range.first === null || range.last === null || !found.has(range.first) || !found.has(range.last))
      return [range];
    const from = found.get(range.first) ?? null;
    const to = found.get(range.last) ?? null;
    if (from === null || to === null || to < from) return [];
    return reordered && to - from !== range.to - range.from ? [] : [{ ...range, from, to }];
  });
  const relocate = (images: SelectionParts['chosen']): Map<ImageId, number | null> =>
    new Map([...images].map(([id, at]) => [id, found.get(id) ?? at] as const).filter(([id]) => found.get(id) !== null));
  return { whole, ranges: unite(moved, join), chosen: relocate(chosen), except: relocate(except) };
}

/** Positions of ranges' ends whose ids aren't known yet. */
export function endsMissing(ranges: readonly ViewRange[]): number[] {
  return ranges.flatMap(({ from, to, first, last }) => [
    ...(first === null ? [from] : []),
    ...(last === null ? [to] : []),
  ]);
}

/** The ranges with the ids of their ends, by position. */
export function withEnds(ranges: readonly ViewRange[], found: ReadonlyMap<number, ImageId>): ViewRange[] {
  return ranges.map((range) => ({
    ...range,
    first: range.first ?? found.get(range.from) ?? null,
    last: range.last ?? found.get(range.to) ?? null,
  }));
}

function join(lower: ViewRange, upper: ViewRange): ViewRange {
  const end = upper.to > lower.to ? upper : lower;
  return { from: lower.from, to: end.to, first: lower.first, last: end.last };
}

/** Takes out of a list what stands in ranges. */
function dropWithin(ranges: readonly ViewRange[], images: Map<ImageId, number | null>): void {
  if (ranges.length === 0) return;
  const sorted = unite(ranges, join);
  for (const [id, at] of images) if (at !== null && rangeAt(sorted, at) >= 0) images.delete(id);
}

import type { ImageId } from '../../electron/contract/entities/ids.ts';
import type { Selection } from '../../electron/contract/entities/views.ts';
import { lookUp, type LookedUpView } from '../state/library/look-up.ts';
import { rangeAt, unite, type PositionRange } from '../state/library/position-ranges.ts';

/** The view that is gone through. */
interface PlacedView extends LookedUpView {
  readonly total: number;
}

/** The positions of a view that are gone through, in order. A place is found in logarithmic time, also among a million. */
export class CulledPlaces {
  /** Ascending and apart. */
  readonly #ranges: readonly PositionRange[];
  /** Number of positions in the ranges before each. */
  readonly #before: readonly number[];
  readonly total: number;
  /** Images that were created later aren't gone through, ms since 1970. */
  readonly until: number;

  constructor(ranges: readonly PositionRange[], until = Infinity) {
    this.#ranges = ranges;
    this.until = until;
    let sum = 0;
    this.#before = ranges.map(({ from, to }) => (sum += to - from + 1) - (to - from + 1));
    this.total = sum;
  }

  /** The position of the image with a number, 0-based; null for none. */
  positionOf(index: number): number | null {
    if (index < 0 || index >= this.total) return null;
    const at = lastAtMost(this.#before, index);
    const range = this.#ranges[at];
    return range ? range.from + index - (this.#before[at] ?? 0) : null;
  }

  /** The number of the image at a position; -1 where that isn't gone through. */
  indexOf(position: number): number {
    const at = rangeAt(this.#ranges, position);
    const range = this.#ranges[at];
    return range ? (this.#before[at] ?? 0) + position - range.from : -1;
  }
}

/** The places of a selection in a view. @throws StudioError `view-expired` */
export async function placesOf(selection: Selection, view: PlacedView): Promise<CulledPlaces> {
  if (selection.kind === 'images') return new CulledPlaces(unite(single(await find(selection.imageIds, view)), join));
  const { ranges, except, also, until } = selection;
  const wide = ranges === 'all' ? [{ from: 0, to: view.total - 1 }] : await rangesOf(ranges, view);
  const left = without(unite(wide, join), await find(except, view));
  return new CulledPlaces(unite([...left, ...single(await find(also, view))], join), until);
}

async function rangesOf(
  ranges: readonly { first: ImageId; last: ImageId }[],
  view: PlacedView,
): Promise<PositionRange[]> {
  const ends = await lookUp(
    ranges.flatMap(({ first, last }) => [first, last]),
    view,
  );
  return ranges.flatMap(({ first, last }) => {
    const [from, to] = [ends.get(first) ?? null, ends.get(last) ?? null];
    return from === null || to === null || to < from ? [] : [{ from, to }];
  });
}

/** Positions of those that are in the view, ascending. */
async function find(ids: readonly ImageId[], view: PlacedView): Promise<number[]> {
  return [...(await lookUp(ids, view)).values()].filter((position) => position !== null).sort((a, b) => a - b);
}

/** Ranges that are apart, split at positions (ascending). */
function without(ranges: readonly PositionRange[], positions: readonly number[]): PositionRange[] {
  let next = 0;
  return ranges.flatMap(({ from, to }) => {
    const parts: PositionRange[] = [];
    let start = from;
    while ((positions[next] ?? Infinity) < from) next += 1;
    for (; (positions[next] ?? Infinity) <= to; next += 1) {
      const gap = positions[next] ?? to;
      if (gap > start) parts.push({ from: start, to: gap - 1 });
      start = gap + 1;
    }
    return start <= to ? [...parts, { from: start, to }] : parts;
  });
}

const single = (positions: readonly number[]): PositionRange[] =>
  positions.map((position) => ({ from: position, to: position }));

const join = (lower: PositionRange, upper: PositionRange): PositionRange => ({
  from: lower.from,
  to: Math.max(lower.to, upper.to),
});

/** The index of the last of ascending numbers that is at most `limit`; -1 for none. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? Infinity) <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

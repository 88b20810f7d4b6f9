/** Consecutive positions of a view, both ends included. */
export interface PositionRange {
  readonly from: number;
  readonly to: number;
}

/** The index of the range that holds a position, or -1. `ranges` are sorted and apart. */
export function rangeAt(ranges: readonly PositionRange[], position: number): number {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle];
    if (!range) return -1;
    if (position < range.from) high = middle - 1;
    else if (position > range.to) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The number of positions in ranges that are apart. */
export function countPositions(ranges: readonly PositionRange[]): number {
  return ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);
}

/** The union, sorted; ranges that touch or overlap become one. `join` makes it, from the lower and the upper of both. */
export function unite<T extends PositionRange>(ranges: readonly T[], join: (lower: T, upper: T) => T): T[] {
  const sorted = [...ranges].sort((a, b) => a.from - b.from);
  const result: T[] = [];
  for (const range of sorted) {
    const last = result.at(-1);
    if (last && range.from <= last.to + 1) result[result.length - 1] = join(last, range);
    else result.push(range);
  }
  return result;
}

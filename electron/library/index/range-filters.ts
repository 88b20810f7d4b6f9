import type { RangeFilter } from '../../contract/entities/query.ts';
import { dayBounds } from '../../contract/query/days.ts';
import { bitsOfCodes, bitsWhere, type Bits } from './bits.ts';
import { UNKNOWN_COST } from './columns.ts';
import type { IndexData } from './index-data.ts';
import { dayOf } from './local-days.ts';

export const MICROS = 1_000_000;
export const MEGABYTE = 1_000_000;

/** The images whose value is in a range, both ends included; unknown values aren't in any. */
export function rangeBits({ columns }: IndexData, filter: RangeFilter, today: string): Bits {
  const { arrays, count, sizes } = columns;
  const { field } = filter;
  if (field === 'date') {
    const [from, to] = dayRange(filter, today);
    return bitsWhere(count, (ordinal) => within(arrays.day[ordinal] ?? 0, from, to));
  }
  const [from, to] = numberRange(filter);
  switch (field) {
    case 'rating':
      return bitsWhere(count, (ordinal) => within(arrays.rating[ordinal] ?? 0, from, to));
    case 'width':
      return bitsOfCodes(
        count,
        arrays.size,
        sizes.where((width) => width > 0 && within(width, from, to)),
      );
    case 'height':
      return bitsOfCodes(
        count,
        arrays.size,
        sizes.where((_, height) => height > 0 && within(height, from, to)),
      );
    case 'bytes':
      return bitsWhere(count, (ordinal) => within((arrays.bytes[ordinal] ?? 0) / MEGABYTE, from, to));
    case 'cost': {
      const [least, most] = [Math.round(from * MICROS), Math.round(to * MICROS)];
      return bitsWhere(count, (ordinal) => {
        const cost = arrays.cost[ordinal] ?? UNKNOWN_COST;
        return cost !== UNKNOWN_COST && within(cost, least, most);
      });
    }
  }
}

function within(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}

function dayRange({ from, to }: RangeFilter, today: string): [number, number] {
  const first = from === null ? null : dayBounds(from, today);
  const last = to === null ? null : dayBounds(to, today);
  return [first ? dayOf(first.first) : -Infinity, last ? dayOf(last.last) : Infinity];
}

/** An end that isn't a number is open. */
function numberRange({ from, to }: RangeFilter): [number, number] {
  const read = (end: string | null, open: number): number => {
    const value = end === null ? NaN : Number(end);
    return Number.isNaN(value) ? open : value;
  };
  return [read(from, -Infinity), read(to, Infinity)];
}

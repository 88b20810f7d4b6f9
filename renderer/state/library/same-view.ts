import type { Bucket, ViewQuestion } from '../../../electron/contract/entities/views.ts';

/* What makes two questions, or two answers to one, the same for the grid. */

/** The same images, shown in the same way. */
export function isSameQuestion(a: ViewQuestion, b: ViewQuestion | null): boolean {
  return b !== null && isSameSelection(a, b) && a.grouping === b.grouping && a.stacking === b.stacking;
}

/** The same images in the same order, perhaps grouped otherwise: what is looked at stays. */
export function isSameSelection(a: ViewQuestion, b: ViewQuestion): boolean {
  const [one, other] = [a, b].map(({ grouping: _, stacking: __, ...rest }) => JSON.stringify(rest));
  return one === other;
}

export function isSameShape(a: Uint16Array | null, b: Uint16Array): boolean {
  if (a?.length !== b.length) return false;
  for (let position = 0; position < b.length; position += 1) if (a[position] !== b[position]) return false;
  return true;
}

export function isSameBuckets(a: readonly Bucket[], b: readonly Bucket[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ key, count, cost }, index) => {
      const other = b[index];
      return (
        other?.key === key &&
        other.count === count &&
        other.cost?.micros === cost?.micros &&
        other.cost?.unknown === cost?.unknown
      );
    })
  );
}

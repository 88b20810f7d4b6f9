import type { Bucket } from '../../../electron/contract/entities/views.ts';

/** A month of the view, or another step of its order, on the scrubber. */
interface ScrubberMonth {
  /** `2026-03`. */
  key: string;
  /** Position of its first image. */
  first: number;
  count: number;
  /** Top on the scrubber, 0 to 1. */
  at: number;
  /** Height on the scrubber, 0 to 1. */
  share: number;
}

/** A mark on the scrubber. `label`: of a year; null for a month. */
interface ScrubberMark {
  key: string;
  /** px from the top. */
  y: number;
  label: string | null;
  /** 0 to 1: how many images, among the months that are shown. */
  weight: number;
}

/** Space between two labels, px. */
const LABEL_SPACE = 20;
/** Space between two marks, px. */
const MARK_SPACE = 5;
/** Every month has at least this share of an equal part: one image can be reached too. */
const LEAST_PART = 0.25;

/** Months of a view by its days or months; [] where it isn't sorted by date. Months with more images are longer. */
export function monthsOf(buckets: readonly Bucket[]): ScrubberMonth[] {
  const months: ScrubberMonth[] = [];
  for (const { key, first, count } of buckets) {
    if (!/^\d{4}-\d\d/u.test(key)) return [];
    const month = key.slice(0, 7);
    const last = months.at(-1);
    if (last?.key === month) last.count += count;
    else months.push({ key: month, first, count, at: 0, share: 0 });
  }
  return placed(months);
}

/** The square root of the counts tempers the largest months. */
function placed(months: ScrubberMonth[]): ScrubberMonth[] {
  const weights = months.map(({ count }) => Math.sqrt(count));
  const least = (LEAST_PART * weights.reduce((sum, weight) => sum + weight, 0)) / Math.max(1, months.length);
  const parts = weights.map((weight) => Math.max(least, weight));
  const sum = parts.reduce((total, part) => total + part, 0);
  let at = 0;
  for (const [index, month] of months.entries()) {
    month.at = at;
    month.share = (parts[index] ?? 0) / sum;
    at += month.share;
  }
  return months;
}

/** Index of the month at a height of the scrubber, 0 to 1; -1 without months. */
export function monthAt(months: readonly ScrubberMonth[], at: number): number {
  const index = months.findLastIndex((month) => month.at <= at);
  return index < 0 ? Math.min(0, months.length - 1) : index;
}

/** Index of the month that has a position. */
export function monthOfPosition(months: readonly ScrubberMonth[], position: number): number {
  return Math.max(
    0,
    months.findLastIndex(({ first }) => first <= position),
  );
}

/** Years where there is room for them, and marks of the months between, as many as the height allows. */
export function scrubberMarks(months: readonly ScrubberMonth[], height: number): ScrubberMark[] {
  const most = Math.max(1, ...months.map(({ count }) => count));
  const marks: ScrubberMark[] = [];
  let labelled = -Infinity;
  let marked = -Infinity;
  let year = '';
  for (const { key, at, count } of months) {
    const y = Math.round(at * height);
    const isNewYear = key.slice(0, 4) !== year;
    if (isNewYear && y - labelled >= LABEL_SPACE && y <= height - LABEL_SPACE / 2) {
      year = key.slice(0, 4);
      while (marks.at(-1)?.label === null && y - (marks.at(-1)?.y ?? 0) < LABEL_SPACE / 2) marks.pop();
      marks.push({ key, y, label: year, weight: count / most });
      labelled = y;
      marked = y + LABEL_SPACE - MARK_SPACE;
    } else if (y - marked >= MARK_SPACE) {
      marks.push({ key, y, label: null, weight: count / most });
      marked = y;
    }
  }
  return marks;
}

import type { Bucket, GridImage } from '../../../electron/contract/entities/views.ts';
import { formatQuantity } from '../../shared/format/counts.ts';
import { formatKnownCost } from '../../shared/format/money.ts';
import { formatDay } from '../../shared/format/time.ts';
import { flawLabel } from '../../state/image-flaws.ts';
import { imageName } from '../../state/image-urls.ts';

const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' });

/**
 * What a screen reader says of a cell: prompt, day, marks, stack, and its fault, as the cell shows it.
 * @param order its number among those chosen, where images are chosen in order
 */
export function cellName(
  image: GridImage,
  now: number,
  fault: string | null = flawLabel(image),
  order: number | null = null,
): string {
  const { rating, favourite, rejected } = image.marks;
  return [
    imageName(image),
    formatDay(image.createdAt, now),
    rating > 0 ? formatQuantity(rating, 'star') : null,
    favourite ? 'favourite' : null,
    rejected ? 'rejected' : null,
    image.stack > 1 ? `stack of ${image.stack}` : null,
    fault?.toLowerCase() ?? null,
    order === null ? null : `number ${order}`,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

/** What stands beside the heading: "14 images · $2.31". */
export function bucketFacts({ count, cost }: Pick<Bucket, 'count' | 'cost'>): string {
  return [formatQuantity(count, 'image'), cost && formatKnownCost(cost)].filter(Boolean).join(' · ');
}

/** The heading of a bucket: "Today", "Thursday 19 November", "March 2026". */
export function bucketLabel(key: string, now: number): string {
  const [year, month, day] = key.split('-').map(Number);
  if (year === undefined || month === undefined) return key;
  return day === undefined
    ? MONTH.format(new Date(year, month - 1, 1))
    : formatDay(new Date(year, month - 1, day, 12).getTime(), now);
}

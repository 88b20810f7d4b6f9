import { formatPercent } from '../../shared/format/percent.ts';

/** How much of an image is marked: "3.2% marked". */
export function markedLabel(marked: number, pixels: number): string {
  if (marked === 0) return 'Nothing marked';
  if (marked === pixels) return 'Whole image marked';
  return `${formatPercent(marked, pixels)} marked`;
}

import { formatPercent } from '../../shared/format/percent.ts';

/** How much of an image is marked, as a sentence. */
export function markedLabel(marked: number, pixels: number): string {
  if (marked === 0) return 'Nothing is marked';
  if (marked === pixels) return 'All of the image is marked';
  return `Mask ${formatPercent(marked, pixels)} of the image`;
}

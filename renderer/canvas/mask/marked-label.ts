import { formatShare } from '../../shared/format/percent.ts';

/** How much of a picture is marked, as a sentence. */
export function markedWords(marked: number, pixels: number): string {
  if (marked === 0) return 'Nothing is marked';
  if (marked === pixels) return 'All of the picture is marked';
  return `Mask ${formatShare(marked, pixels)} of the picture`;
}

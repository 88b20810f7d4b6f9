/** How much of a picture is marked, as a sentence. */
export function shareWords(marked: number, pixels: number): string {
  if (marked === 0) return 'Nothing is marked';
  if (marked === pixels) return 'All of the picture is marked';
  return `Mask ${shareOf(marked, pixels)} of the picture`;
}

/** In percent with one place; what is there is never said to be 0, and what is missing never to be 100. */
export function shareOf(marked: number, pixels: number): string {
  const percent = (marked / pixels) * 100;
  if (marked > 0 && percent < 0.1) return '<0.1%';
  return `${marked < pixels ? Math.min(99.9, Math.round(percent * 10) / 10) : 100}%`;
}

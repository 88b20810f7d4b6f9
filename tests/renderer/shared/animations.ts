/** Until nothing on the page changes by itself any more, but for what never ends: before that, colours are between two. */
export async function animationsEnded(): Promise<void> {
  const ending = document
    .getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity)
    .map((animation) => animation.finished.catch(() => undefined));
  await Promise.all(ending);
}

import type { FacetCounts } from '../../state/library/facet-counts.svelte.ts';
import type { ImageView } from '../../state/library/image-view.svelte.ts';

/** The longest that counts wait for the page to have nothing else to do, ms. */
const MAX_WAIT = 500;

/** Counts what is shown, after it is painted, and only while someone looks at the counts. To be called while a component initialises. */
export function followCounts(counts: FacetCounts, view: ImageView): void {
  let waiting = false;
  $effect(() => {
    if (!counts.isWanted || view.view === null || waiting) return;
    waiting = true;
    whenIdle(() => {
      waiting = false;
      counts.show(view.view);
    });
  });
}

function whenIdle(act: () => void): void {
  // Not every browser has it.
  if (typeof requestIdleCallback === 'function') requestIdleCallback(act, { timeout: MAX_WAIT });
  else setTimeout(act, MAX_WAIT);
}

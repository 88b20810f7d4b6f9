import type { ImageId } from '../../../electron/contract/entities/ids.ts';

/** A view that knows where images are. */
export interface LookedUpView {
  positions(ids: ImageId[]): Promise<(number | null)[]>;
}

/** Ids of one call; the contract's limit. */
const MAX_LOOKUP = 1000;

/** Where any number of images are in a view; null for those that aren't in it. @throws StudioError `view-expired` */
export async function lookUp(ids: readonly ImageId[], view: LookedUpView): Promise<Map<ImageId, number | null>> {
  const found = new Map<ImageId, number | null>();
  for (let start = 0; start < ids.length; start += MAX_LOOKUP) {
    const some = ids.slice(start, start + MAX_LOOKUP);
    const positions = await view.positions(some);
    some.forEach((id, index) => found.set(id, positions[index] ?? null));
  }
  return found;
}

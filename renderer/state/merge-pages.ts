import type { Image } from '../../electron/contract/entities/images.ts';

/** Whether `a` comes before `b`, newest first. */
function isNewer(a: Image, b: Image): boolean {
  return a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;
}

/**
 * Merges a new first page into the loaded images: it replaces the images of its own span; older ones stay. Null where the page
 * doesn't reach the loaded images: those between are missing, so the list has to start over.
 */
export function mergeFirstPage(loaded: Image[], page: Image[], hasMore: boolean): Image[] | null {
  const last = page.at(-1);
  if (!hasMore || last === undefined) return page;
  const older = loaded.filter((image) => isNewer(last, image));
  const meets = loaded.some((image) => image.id === last.id) || loaded.some((image) => isNewer(image, last));
  if (!meets && loaded.length > 0) return null;
  return [...page, ...older];
}

import type { Image } from '../../electron/contract/entities/images.ts';

/** True when `a` stands before `b`, newest first. */
function isNewer(a: Image, b: Image): boolean {
  return a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;
}

/**
 * Lays a fresh first page over what is loaded. The page is the truth for its own span, so images that are gone from it go and
 * new ones come; everything older that was loaded stays. Null when the page ends before it meets what is loaded: images between
 * them are missing then, and the list has to start over.
 */
export function mergeFirstPage(loaded: Image[], page: Image[], hasMore: boolean): Image[] | null {
  const last = page.at(-1);
  if (!hasMore || last === undefined) return page;
  const older = loaded.filter((image) => isNewer(last, image));
  const meets = loaded.some((image) => image.id === last.id) || loaded.some((image) => isNewer(image, last));
  if (!meets && loaded.length > 0) return null;
  return [...page, ...older];
}

import type { Picture } from '../../electron/contract/entities.ts';

/** True when `a` stands before `b`, newest first. */
function isNewer(a: Picture, b: Picture): boolean {
  return a.createdAt === b.createdAt ? a.id > b.id : a.createdAt > b.createdAt;
}

/**
 * Lays a fresh first page over what is loaded. The page is the truth for its own span, so pictures that are gone from it go and
 * new ones come; everything older that was loaded stays. Null when the page ends before it meets what is loaded: pictures between
 * them are missing then, and the list has to start over.
 */
export function mergeFirstPage(loaded: Picture[], page: Picture[], hasMore: boolean): Picture[] | null {
  const last = page.at(-1);
  if (!hasMore || last === undefined) return page;
  const older = loaded.filter((picture) => isNewer(last, picture));
  const meets = loaded.some((picture) => picture.id === last.id) || loaded.some((picture) => isNewer(picture, last));
  if (!meets && loaded.length > 0) return null;
  return [...page, ...older];
}

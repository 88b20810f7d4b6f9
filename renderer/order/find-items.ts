/** What a list of tags or collections is searched by. */
export interface Findable {
  /** The whole name, with parents: `client/acme`. */
  path: string;
}

/** Text without case and diacritics. */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase();
}

/**
 * The items that match a typed text, best first: the same, beginning with it, a part beginning with it, containing it. Without a text,
 * the first ones.
 */
export function findItems<T extends Findable>(items: readonly T[], typed: string, limit: number): T[] {
  const wanted = fold(typed.trim());
  if (wanted === '') return items.slice(0, limit);
  const ranks: T[][] = [[], [], [], []];
  for (const item of items) {
    const rank = rankOf(fold(item.path), wanted);
    if (rank !== null) ranks[rank]?.push(item);
  }
  return ranks.flat().slice(0, limit);
}

function rankOf(path: string, wanted: string): 0 | 1 | 2 | 3 | null {
  if (path === wanted) return 0;
  if (path.startsWith(wanted)) return 1;
  const at = path.indexOf(wanted);
  if (at < 0) return null;
  return path.includes(`/${wanted}`) || path.includes(` ${wanted}`) ? 2 : 3;
}

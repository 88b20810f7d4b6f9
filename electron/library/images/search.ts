import type { Image, ImageCursor, ImagePage } from '../../contract/entities/images.ts';
import { counter } from '../db/counters.ts';
import { prepare, type Readable } from '../db/database.ts';
import { IMAGE_COLUMNS, IMAGE_JOINS, rowToImage, type ImageRow } from './image-rows.ts';
import { cursorPosition } from './timeline.ts';
import { toFtsQuery, type FtsQuery } from './search-tokens.ts';

interface PageQuery {
  /** Words of the prompt, as typed; '' for all images. */
  search: string;
  after: ImageCursor | null;
  limit: number;
}

/** A page of the library, newest first. Paged by key, so images added meanwhile neither repeat nor hide others. */
export function readImagePage(db: Readable, { search, after, limit }: PageQuery): ImagePage {
  const query = toFtsQuery(search);
  if (query.match === null && query.exclude === null && search.trim() !== '')
    return { images: [], total: 0, next: null };
  const position = cursorPosition(db, after);
  // One more than requested shows whether there is a next page.
  const rows = rowsBefore(db, query, { position, limit: limit + 1 });
  const images = rows.slice(0, limit).map(rowToImage);
  return { images, total: countAll(db, query), next: cursorAfter(rows, images) };
}

interface Range {
  position: number;
  limit: number;
}

function rowsBefore(db: Readable, { match, exclude }: FtsQuery, range: Range): ImageRow[] {
  if (match !== null) return matchesBefore(db, withoutExcluded(match, exclude), range);
  return exclude === null ? allBefore(db, range) : othersBefore(db, exclude, range);
}

function countAll(db: Readable, { match, exclude }: FtsQuery): number {
  if (match !== null) return countMatches(db, withoutExcluded(match, exclude));
  const all = counter(db, 'pictures');
  return exclude === null ? all : all - countMatches(db, exclude);
}

function withoutExcluded(match: string, exclude: string | null): string {
  // FTS5 reads several phrases as AND only where no operator follows them.
  return exclude === null ? match : `(${match}) NOT (${exclude})`;
}

/** Images that are looked through at once for those that don't match, and how often, so that the main process stays free. */
const [WINDOW, WINDOWS] = [1000, 5];

/** All images except those that match, among the next few thousand. FTS5 can't exclude from everything. */
function othersBefore(db: Readable, exclude: string, { position, limit }: Range): ImageRow[] {
  const end = prepare<[number], { first: number | null }>(
    db,
    `SELECT min(timeline) AS first FROM (SELECT timeline FROM images WHERE timeline < ? ORDER BY timeline DESC LIMIT ${WINDOW})`,
  );
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS}
    WHERE i.deleted_at IS NULL AND i.timeline < :before AND i.timeline >= :first AND i.timeline NOT IN (
      SELECT rowid FROM picture_words WHERE picture_words MATCH :exclude AND rowid >= :first AND rowid < :before)
    ORDER BY i.timeline DESC LIMIT :limit`;
  const rows: ImageRow[] = [];
  for (let before = position, round = 0; round < WINDOWS && rows.length < limit; round += 1) {
    const first = end.get(before)?.first ?? null;
    if (first === null) break;
    rows.push(...prepare<[object], ImageRow>(db, sql).all({ before, first, exclude, limit: limit - rows.length }));
    before = first;
  }
  return rows;
}

function allBefore(db: Readable, { position, limit }: Range): ImageRow[] {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM images i ${IMAGE_JOINS}
    WHERE i.deleted_at IS NULL AND i.timeline < ? ORDER BY i.timeline DESC LIMIT ?`;
  return prepare<[number, number], ImageRow>(db, sql).all(position, limit);
}

function matchesBefore(db: Readable, query: string, { position, limit }: Range): ImageRow[] {
  const sql = `SELECT ${IMAGE_COLUMNS} FROM picture_words w CROSS JOIN images i ON i.timeline = w.rowid ${IMAGE_JOINS}
    WHERE w.picture_words MATCH ? AND w.rowid < ? AND i.deleted_at IS NULL ORDER BY w.rowid DESC LIMIT ?`;
  return prepare<[string, number, number], ImageRow>(db, sql).all(query, position, limit);
}

/** Matches are counted up to this many: counting hundreds of thousands would keep the main process from its work. */
const MAX_COUNTED = 5000;

function countMatches(db: Readable, query: string): number {
  const sql = `SELECT count(*) AS total FROM (SELECT 1 FROM picture_words w CROSS JOIN images i ON i.timeline = w.rowid
    WHERE w.picture_words MATCH ? AND i.deleted_at IS NULL LIMIT ${MAX_COUNTED})`;
  return prepare<[string], { total: number }>(db, sql).get(query)?.total ?? 0;
}

function cursorAfter(rows: ImageRow[], images: Image[]): ImageCursor | null {
  const last = images.at(-1);
  return last && rows.length > images.length ? { createdAt: last.createdAt, id: last.id } : null;
}

import type { Readable } from '../db/database.ts';
import type { Sidecar } from '../sidecars/sidecar-schema.ts';

/** What a rebuild must bring back: counted in the records, and again in the new database. */
export interface Tally {
  requests: number;
  imports: number;
  images: number;
  rated: number;
  favourites: number;
  rejected: number;
  notes: number;
  /** Tags given to images, and images in collections. */
  tags: number;
  collections: number;
  /** Images of the library that were sent with requests. */
  links: number;
}

export function emptyTally(): Tally {
  return {
    requests: 0,
    imports: 0,
    images: 0,
    rated: 0,
    favourites: 0,
    rejected: 0,
    notes: 0,
    tags: 0,
    collections: 0,
    links: 0,
  };
}

/** Adds what a record says, except links, which need all images. */
export function addRecord(tally: Tally, record: Sidecar): void {
  const images = record.kind === 'emulsion-import' ? [record.image].filter((image) => image !== null) : record.images;
  if (record.kind === 'emulsion-import') tally.imports += 1;
  else tally.requests += 1;
  for (const image of images) {
    tally.images += 1;
    if (image.rating > 0) tally.rated += 1;
    if (image.favourite) tally.favourites += 1;
    if (image.rejected) tally.rejected += 1;
    if (image.note !== '') tally.notes += 1;
    tally.tags += image.tags.length;
    tally.collections += image.collections.length;
  }
}

const COUNTS: Readonly<Record<keyof Tally, string>> = {
  requests: 'generations',
  imports: 'imports',
  images: 'images',
  rated: 'images WHERE rating > 0',
  favourites: 'images WHERE favourite = 1',
  rejected: 'images WHERE rejected = 1',
  notes: 'images WHERE note IS NOT NULL',
  tags: 'image_tags',
  collections: 'collection_images',
  links: 'inputs WHERE image_id IS NOT NULL',
};

/** Counts what a database has. */
export function countDatabase(db: Readable): Tally {
  const tally = emptyTally();
  for (const name of Object.keys(COUNTS) as (keyof Tally)[])
    tally[name] = db.prepare<[], number>(`SELECT count(*) FROM ${COUNTS[name]}`).pluck().get() ?? 0;
  return tally;
}

/** What a database has less of than it should; '' for nothing. */
export function missingFrom(expected: Tally, actual: Tally): string {
  return (Object.keys(COUNTS) as (keyof Tally)[])
    .filter((name) => actual[name] < expected[name])
    .map((name) => `${actual[name]} of ${expected[name]} ${name}`)
    .join(', ');
}

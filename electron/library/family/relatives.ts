import { setImmediate } from 'node:timers/promises';
import type { ImageId, JobId } from '../../contract/entities/ids.ts';
import type { FamilyLink } from '../../contract/entities/views.ts';
import type { Readable } from '../db/database.ts';
import { readDraftJobs, readJobImages, readMadeFrom, readOrigins } from './links.ts';

/** Relatives that a search finds at most. */
export const MAX_RELATIVES = 1000;
/** Images that one query is asked about. */
const BATCH = 100;
/** Milliseconds of work after which other work of the process gets its turn. */
const SLICE_MS = 6;

export interface Relatives {
  /** Ids with their sources, nearest first, beginning with the image itself. */
  links: Map<ImageId, FamilyLink[]>;
  /** There may be further ones. */
  unfinished: boolean;
}

/**
 * Finds what an image was made from, what these were made from, and so on; and what was made from all of them. Each image is visited once,
 * so that cycles in a damaged library end. What else a descendant was made from is named in its links and not followed.
 */
export async function findRelatives(db: Readable, id: ImageId): Promise<Relatives> {
  const search = new Search(db, id);
  let since = performance.now();
  while (search.step()) {
    if (performance.now() - since < SLICE_MS) continue;
    await setImmediate();
    since = performance.now();
  }
  return { links: search.links, unfinished: search.unfinished };
}

/** A search by distance: one step looks at a batch of images of the same distance. */
class Search {
  readonly links = new Map<ImageId, FamilyLink[]>();
  unfinished = false;
  readonly #db: Readable;
  readonly #seen: Set<ImageId>;
  /** Images to visit. `ascends`: what they were made from is looked for too. */
  #queue: { id: ImageId; ascends: boolean }[];
  readonly #drafts = new Map<string, Map<ImageId, JobId[]>>();

  constructor(db: Readable, id: ImageId) {
    this.#db = db;
    this.#seen = new Set([id]);
    this.#queue = [{ id, ascends: true }];
  }

  /** Visits the next images. Returns false when there are none. */
  step(): boolean {
    const batch = this.#queue.splice(0, BATCH);
    if (batch.length === 0) return false;
    const { links, drafts } = readOrigins(
      this.#db,
      batch.map(({ id }) => id),
    );
    // An image that doesn't exist any more has no row, and is forgotten.
    const here = batch.filter(({ id }) => links.has(id));
    for (const { id, ascends } of here) {
      const from = links.get(id) ?? [];
      this.links.set(id, from);
      if (ascends)
        this.#add(
          from.map((link) => link.from),
          true,
        );
    }
    this.#descend(
      here.map(({ id }) => id),
      drafts,
    );
    return true;
  }

  #descend(ids: readonly ImageId[], drafts: readonly string[]): void {
    const limit = MAX_RELATIVES + 1;
    this.#add(
      readMadeFrom(this.#db, ids, limit).map(({ child }) => child),
      false,
    );
    for (const draft of drafts) {
      const jobs = this.#jobsOf(draft);
      const made = ids.flatMap((id) => jobs.get(id) ?? []);
      if (made.length > 0)
        this.#add(
          readJobImages(this.#db, made, limit).map(({ id }) => id),
          false,
        );
    }
  }

  #jobsOf(draft: string): Map<ImageId, JobId[]> {
    const jobs = this.#drafts.get(draft) ?? readDraftJobs(this.#db, draft);
    this.#drafts.set(draft, jobs);
    return jobs;
  }

  #add(ids: readonly ImageId[], ascends: boolean): void {
    for (const id of ids) {
      if (this.#seen.has(id)) continue;
      if (this.#seen.size >= MAX_RELATIVES) {
        this.unfinished = true;
        return;
      }
      this.#seen.add(id);
      this.#queue.push({ id, ascends });
    }
  }
}

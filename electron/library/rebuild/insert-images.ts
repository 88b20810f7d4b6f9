import type * as v from 'valibot';
import { prepare, type Writable } from '../db/database.ts';
import { flawColumns } from '../images/image-rows.ts';
import { wordsToIndex } from '../images/image-words.ts';
import { timelineSlot } from '../images/timeline.ts';
import { indexImage, indexText } from '../images/reindex-images.ts';
import type { SidecarFileFields } from '../sidecars/sidecar-image.ts';
import type { GenerationSidecar, ImportSidecar } from '../sidecars/sidecar-schema.ts';
import { insertMemberships } from './insert-order.ts';

type File = v.InferOutput<v.ObjectSchema<typeof SidecarFileFields, undefined>>;
type Image = GenerationSidecar['images'][number] | NonNullable<ImportSidecar['image']>;

/** Whose image it is, and what it is found by besides its own words. */
export interface Origin {
  jobId: string | null;
  generationId: string | null;
  importId: string | null;
  prompt: string;
  fileName: string | null;
  /** Names of the files that were sent. */
  files: readonly string[];
}

/** The row of a file, unless it is there. */
export function insertFile(db: Writable, { sha256, format, bytes }: File): void {
  const sql = 'INSERT INTO originals (sha256, format, bytes) VALUES (?, ?, ?) ON CONFLICT DO NOTHING';
  prepare<[string, string, number]>(db, sql).run(sha256, format, bytes);
}

/** An image whose words aren't in the index yet. */
export interface UnindexedImage {
  timeline: number;
  /** Null where they are those of the image that it was made from. */
  words: string | null;
}

/**
 * An image with all that a person added to it. Its words are indexed later: a savepoint makes SQLite write out what the index has gathered,
 * which would cost more than all else if it happened at each record.
 * @param hasThumbnail whether its thumbnails are on the disk; otherwise they are made at the next start
 */
export function insertImage(db: Writable, image: Image, origin: Origin, hasThumbnail: boolean): UnindexedImage {
  insertFile(db, image);
  const at = Date.parse(image.created_at);
  const timeline = timelineSlot(db, at);
  const sql = `INSERT INTO images (timeline, id, job_id, generation_id, import_id, position, sha256, width, height, has_alpha, thumbhash,
      flaw, flaw_cause, developed_at, revised_prompt, cost, created_at, deleted_at, rating, favourite, rejected, note, stack_cover)
    VALUES (:timeline, :id, :job, :generation, :import, :position, :sha256, :width, :height, :alpha, :thumbhash,
      :flaw, :flaw_cause, :developed, :revised, :cost, :at, :trashed, :rating, :favourite, :rejected, :note, :cover)`;
  const isDeveloped = hasThumbnail && image.thumbhash !== null;
  prepare<[Record<string, string | number | null>]>(db, sql).run({
    timeline,
    id: image.id,
    job: origin.jobId,
    generation: origin.generationId,
    import: origin.importId,
    position: 'position' in image ? image.position : 0,
    sha256: image.sha256,
    width: image.width,
    height: image.height,
    alpha: image.has_alpha === true ? 1 : 0,
    thumbhash: isDeveloped ? image.thumbhash : null,
    ...flawColumns(image.damaged ? 'undecodable' : null),
    developed: isDeveloped ? at : null,
    revised: 'revised_prompt' in image ? image.revised_prompt : null,
    cost: 'cost' in image ? image.cost : null,
    at,
    trashed: image.trashed_at === null ? null : Date.parse(image.trashed_at),
    rating: image.rating,
    favourite: image.favourite ? 1 : 0,
    rejected: image.rejected ? 1 : 0,
    note: image.note === '' ? null : image.note,
    cover: image.stack_cover ? 1 : 0,
  });
  insertMemberships(db, timeline, image);
  if (origin.prompt.trim() === '') return { timeline, words: null };
  const words = wordsToIndex({
    prompt: origin.prompt,
    revised_prompt: 'revised_prompt' in image ? image.revised_prompt : null,
    note: image.note,
    file_name: origin.fileName,
    files: origin.files,
  });
  return { timeline, words };
}

/** Indexes images whose words are known. @returns the timeline keys of the others, for {@link indexWithoutPrompt} */
export function indexWithPrompt(db: Writable, images: readonly UnindexedImage[]): number[] {
  const others: number[] = [];
  for (const { timeline, words } of images)
    if (words === null) others.push(timeline);
    else indexText(db, timeline, words);
  return others;
}

/** Indexes the words of images that have no prompt: a variation has those of the image that it was made from, so all rows must be there. */
export function indexWithoutPrompt(db: Writable, timelines: readonly number[]): void {
  for (const timeline of timelines) indexImage(db, timeline);
}

import type { FamilyLink } from '../../contract/entities/views.ts';
import type { ImageId, JobId } from '../../contract/entities/ids.ts';
import { prepare, type Readable } from '../db/database.ts';

/** Requests that one step of the search looks at, with any outcome. */
const MAX_REQUESTS = 2000;
/** Jobs of one draft that are looked at, oldest first. */
const MAX_DRAFT_JOBS = 500;

/** What a job says about where its images come from. */
interface Origin {
  id: ImageId;
  repeats: unknown;
  draft: unknown;
  node: unknown;
}

/** One image was made from another. */
export interface Descent {
  parent: ImageId;
  child: ImageId;
}

const json = (ids: readonly string[]): string => JSON.stringify(ids);

/** Where images come from: links by image, the nearest source first, and the drafts that they were made in. Images that don't exist are left out. */
export function readOrigins(
  db: Readable,
  ids: readonly ImageId[],
): { links: Map<ImageId, FamilyLink[]>; drafts: string[] } {
  const sql = `SELECT i.id, json_extract(j.request, '$.repeats') AS repeats,
      json_extract(j.request, '$.canvas.draftId') AS draft, json_extract(j.request, '$.canvas.node') AS node
    FROM json_each(?) w CROSS JOIN images i ON i.id = w.value LEFT JOIN jobs j ON j.id = i.job_id`;
  const origins = prepare<[string], Origin>(db, sql).all(json(ids));
  const inputs = readInputs(db, ids);
  const links = new Map(origins.map((origin) => [origin.id, linksOf(origin, inputs.get(origin.id) ?? [])]));
  return { links, drafts: [...new Set(origins.flatMap(({ draft }) => (typeof draft === 'string' ? [draft] : [])))] };
}

/** The library images that were sent with the requests of images, in their order. */
function readInputs(db: Readable, ids: readonly ImageId[]): Map<ImageId, ImageId[]> {
  const sql = `SELECT i.id AS child, n.image_id AS parent FROM json_each(?) w CROSS JOIN images i ON i.id = w.value
    CROSS JOIN inputs n ON n.generation_id = i.generation_id
    WHERE n.image_id IS NOT NULL ORDER BY n.role <> 'image', n.position`;
  const rows = prepare<[string], Descent>(db, sql).all(json(ids));
  const inputs = new Map<ImageId, ImageId[]>();
  for (const { child, parent } of rows) inputs.set(child, [...(inputs.get(child) ?? []), parent]);
  return inputs;
}

function linksOf({ id, repeats, node }: Origin, inputs: readonly ImageId[]): FamilyLink[] {
  const links = new Map<ImageId, FamilyLink>();
  const add = (from: unknown, kind: FamilyLink['kind']): void => {
    // A node of a draft is an image, or `root` for the file that it began with.
    if (typeof from !== 'string' || from === 'root' || from === id || links.has(from as ImageId)) return;
    links.set(from as ImageId, { from: from as ImageId, kind });
  };
  add(repeats, 'repeat');
  add(node, inputs.includes(node as ImageId) ? 'input' : 'draft');
  for (const input of inputs) add(input, 'input');
  return [...links.values()];
}

/** Images whose requests had images of `ids` among their inputs, or repeat them. At most `limit` of each kind. */
export function readMadeFrom(db: Readable, ids: readonly ImageId[], limit: number): Descent[] {
  const byInput = `SELECT n.image_id AS parent, i.id AS child FROM (
      SELECT n.image_id, n.generation_id FROM json_each(?) w CROSS JOIN inputs n ON n.image_id = w.value LIMIT ${MAX_REQUESTS}
    ) n CROSS JOIN images i ON i.generation_id = n.generation_id LIMIT ?`;
  const byRepeat = `SELECT j.parent, i.id AS child FROM (
      SELECT w.value AS parent, j.id FROM json_each(?) w CROSS JOIN jobs j ON json_extract(j.request, '$.repeats') = w.value
      WHERE json_extract(j.request, '$.repeats') IS NOT NULL LIMIT ${MAX_REQUESTS}
    ) j CROSS JOIN images i ON i.job_id = j.id LIMIT ?`;
  return [byRepeat, byInput].flatMap((sql) => prepare<[string, number], Descent>(db, sql).all(json(ids), limit));
}

/** The jobs of a draft by the image that was shown when they were sent. */
export function readDraftJobs(db: Readable, draft: string): Map<ImageId, JobId[]> {
  const sql = `SELECT id, json_extract(request, '$.canvas.node') AS node FROM jobs
    WHERE json_extract(request, '$.canvas.draftId') = ? ORDER BY created_at, id LIMIT ${MAX_DRAFT_JOBS}`;
  const jobs = new Map<ImageId, JobId[]>();
  for (const { id, node } of prepare<[string], { id: JobId; node: unknown }>(db, sql).all(draft)) {
    if (typeof node === 'string') jobs.set(node as ImageId, [...(jobs.get(node as ImageId) ?? []), id]);
  }
  return jobs;
}

/** The images of jobs; at most `limit`. */
export function readJobImages(db: Readable, jobs: readonly JobId[], limit: number): { job: JobId; id: ImageId }[] {
  const sql = 'SELECT i.job_id AS job, i.id FROM json_each(?) w CROSS JOIN images i ON i.job_id = w.value LIMIT ?';
  return prepare<[string, number], { job: JobId; id: ImageId }>(db, sql).all(json(jobs), limit);
}

import { v7 as uuid } from 'uuid';
import type { GenerationId, JobId } from '../../../electron/contract/entities/ids.ts';
import type { Billing } from '../../../electron/contract/errors/errors.ts';
import type { CostBasis } from '../../../electron/contract/entities/money.ts';
import type { Library } from '../../../electron/library/library.ts';

/** A request with that many images, inserted directly: the tests are about reading. */
export interface Entry {
  at: number;
  model: string;
  profile: string;
  state: 'sent' | 'done' | 'failed' | 'interrupted';
  billing: Billing;
  cost: number | null;
  basis: CostBasis | null;
  max: number | null;
  images: number;
  /** Indexes into `collections`, the same for each image. */
  collections: number[];
}

let files = 0;

/** Inserts entries and returns their ids. `collections` are ids of existing collections. */
export function writeEntries(
  { db }: Library,
  entries: readonly Entry[],
  collections: readonly string[],
): GenerationId[] {
  const job = db.prepare(`INSERT INTO jobs (id, state, request, profile_name, base_url, created_at)
    VALUES (?, 'done', ?, ?, 'http://127.0.0.1:1/v1', ?)`);
  const generation =
    db.prepare(`INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at,
    answer, billing, cost, cost_basis, estimate_least, estimate_most, error) VALUES (?, ?, 0, 'create', ?, ?, 'a prompt', 1, '{"size":"auto"}', ?, ?, ?, ?, ?, ?, ?, ?)`);
  const original = db.prepare("INSERT INTO originals VALUES (?, 'png', 10)");
  const image =
    db.prepare(`INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, created_at, cost)
    VALUES (?, ?, ?, ?, ?, ?, 1024, 1024, ?, ?)`);
  const member = db.prepare(
    `INSERT INTO collection_images SELECT c.key, i.timeline, 1, 1 FROM collections c, images i WHERE c.id = ? AND i.id = ?`,
  );
  const answer = JSON.stringify({ size: '1024x1024', quality: 'low', usage: { input_tokens: 7, output_tokens: 272 } });

  return db.transaction(() =>
    entries.map((entry) => {
      const [jobId, id] = [uuid() as JobId, uuid() as GenerationId];
      const { at, state, cost, max, images } = entry;
      const failed = state === 'failed' || state === 'interrupted';
      job.run(jobId, JSON.stringify({ operation: 'create', profileId: 'environment' }), entry.profile, at);
      generation.run(
        id,
        jobId,
        state,
        entry.model,
        at,
        failed ? null : answer,
        entry.billing,
        cost,
        entry.basis,
        max === null ? null : 0,
        max,
        failed ? JSON.stringify({ code: 'timed-out', message: '', billing: entry.billing }) : null,
      );
      for (let position = 0; position < images; position++) {
        const [imageId, sha256] = [uuid(), (files++).toString(16).padStart(64, '0')];
        original.run(sha256);
        const share = cost === null ? null : Math.floor(cost / images) + (position < cost % images ? 1 : 0);
        image.run(files, imageId, jobId, id, position, sha256, at, share);
        for (const place of entry.collections) member.run(collections[place], imageId);
      }
      return id;
    }),
  )();
}

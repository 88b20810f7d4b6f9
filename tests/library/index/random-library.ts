import { createHash } from 'node:crypto';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Writable } from '../../../electron/library/db/database.ts';

/** Repeatable random numbers: mulberry32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }
}

export const WORDS = ['fox', 'foxglove', 'red', 'glass', 'harbour', 'light', 'lighthouse', 'moss', 'night'];
export const TAGS = ['client', 'client/acme', 'client/acme/moss', 'wip', 'night'];
export const COLLECTIONS = ['Casa Azul', 'Red things', 'Casa Azul below'];
const MODELS = ['gpt-image-1', 'gpt-image-2', 'flux'];
const SERVERS = ['Demo', 'OpenAI'];
const SIZES = [
  [1024, 1024],
  [1536, 1024],
  [1024, 1536],
  [1920, 1080],
  [0, 0],
  [1, 16384],
  [16384, 1],
] as const;
const ASKED = ['1024x1024', '1536x1024', 'auto', null];
const QUALITIES = ['low', 'high', 'auto', null];
/** The middle of a span of some months. */
const START = Date.UTC(2026, 3, 1, 12);
const SPAN_MS = 150 * 86_400_000;

let serial = 0;
const newId = (): string => {
  serial += 1;
  return `01890000-0000-7000-8000-${serial.toString(16).padStart(12, '0')}`;
};

/** A library with rows that nothing but the schema restricts, written without the application's code. */
export class RandomLibrary {
  readonly db: Writable;
  readonly random: Random;

  constructor(db: Writable, seed: number) {
    this.db = db;
    this.random = new Random(seed);
    this.#addNames();
  }

  #addNames(): void {
    for (const path of TAGS) {
      const names = path.split('/');
      const name = names.at(-1)!;
      const parent = TAGS.indexOf(names.slice(0, -1).join('/'));
      this.db
        .prepare('INSERT INTO tags (key, id, parent, name, folded, created_at) VALUES (?, ?, ?, ?, ?, 1)')
        .run(TAGS.indexOf(path) + 1, newId(), parent < 0 ? null : parent + 1, name, name);
    }
    for (const [index, name] of COLLECTIONS.entries())
      this.db
        .prepare('INSERT INTO collections (key, id, name, parent, position, created_at) VALUES (?, ?, ?, ?, ?, 1)')
        .run(index + 1, newId(), name, index === 2 ? 1 : null, index);
  }

  timelines(): number[] {
    return this.db.prepare<[], number>('SELECT timeline FROM images ORDER BY timeline').pluck().all();
  }

  ids(): ImageId[] {
    return this.db.prepare<[], ImageId>('SELECT id FROM images ORDER BY timeline').pluck().all();
  }

  /** A job with one request or two, and their images, at any time. */
  addJob(): void {
    const { random } = this;
    const jobId = newId();
    const at = START + random.below(SPAN_MS);
    this.db
      .prepare(
        "INSERT INTO jobs (id, state, request, profile_name, base_url, created_at) VALUES (?, 'done', '{}', ?, 'u', ?)",
      )
      .run(jobId, random.of(SERVERS), at);
    for (let ordinal = 0; ordinal <= random.below(2); ordinal += 1) this.#addGeneration(jobId, ordinal, at);
  }

  #addGeneration(jobId: string, ordinal: number, at: number): void {
    const { random } = this;
    const id = newId();
    const operation = random.of(['create', 'create', 'edit', 'variation']);
    const prompt = Array.from({ length: 1 + random.below(4) }, () => random.of(WORDS)).join(' ');
    const parameters = {
      size: random.of(ASKED),
      quality: random.of(QUALITIES),
      background: random.of(['opaque', null]),
    };
    const answer = random.chance(0.5) ? JSON.stringify({ quality: random.of(QUALITIES) }) : null;
    this.db
      .prepare(
        `INSERT INTO generations (id, job_id, ordinal, operation, state, model, prompt, n, parameters, created_at, answer, billing)
        VALUES (?, ?, ?, ?, 'done', ?, ?, 1, ?, ?, ?, ?)`,
      )
      .run(
        id,
        jobId,
        ordinal,
        operation,
        random.of(MODELS),
        prompt,
        JSON.stringify(parameters),
        at,
        answer,
        random.of(['billed', 'possible']),
      );
    if (operation !== 'create') this.#addInputs(id);
    for (let position = 0; position <= random.below(2); position += 1)
      this.#addImage(jobId, id, { position, at, prompt });
  }

  #addInputs(generationId: string): void {
    const { random } = this;
    const insert = this.db.prepare('INSERT INTO inputs VALUES (?, ?, ?, ?, ?)');
    const ids = this.ids();
    for (let position = 0; position <= random.below(2); position += 1) {
      const image = ids.length > 0 && random.chance(0.8) ? random.of(ids) : null;
      insert.run(generationId, position, 'image', this.#original('png'), image);
    }
    if (random.chance(0.3)) insert.run(generationId, 8, 'mask', this.#original('png'), null);
  }

  #original(format: string): string {
    const hash = createHash('sha256').update(newId()).digest('hex');
    this.db.prepare('INSERT INTO originals VALUES (?, ?, ?)').run(hash, format, this.random.below(5_000_000));
    return hash;
  }

  #addImage(
    jobId: string,
    generationId: string,
    { position, at, prompt }: { position: number; at: number; prompt: string },
  ): void {
    const { random } = this;
    const createdAt = at + random.below(3);
    const taken = new Set(this.timelines());
    let timeline = createdAt * 1024;
    while (taken.has(timeline)) timeline += 1;
    const [width, height] = random.of(SIZES);
    this.db
      .prepare(
        `INSERT INTO images (timeline, id, job_id, generation_id, position, sha256, width, height, has_alpha, flaw, flaw_cause,
        revised_prompt, created_at, cost, thumbhash, dhash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[
          timeline,
          newId(),
          jobId,
          generationId,
          position,
          this.#original(random.of(['png', 'gif', 'webp'])),
          width,
          height,
        ],
        ...[random.below(2), ...(width === 0 ? ['undecodable', 'truncated'] : [null, null])],
        ...[random.chance(0.2) ? 'revised' : null, createdAt, random.chance(0.8) ? random.below(200_000) : null],
        random.chance(0.7) ? Buffer.from(Array.from({ length: 24 }, () => random.below(256))).toString('base64') : null,
        random.chance(0.7) ? Buffer.from(Array.from({ length: 8 }, () => random.of([0, 255, 1]))) : null,
      );
    this.db.prepare('INSERT INTO picture_words (rowid, prompt) VALUES (?, ?)').run(timeline, prompt);
    if (random.chance(0.1))
      this.db
        .prepare(
          "INSERT INTO strict_results (image_id, state, feather) SELECT id, 'due', 2 FROM images WHERE timeline = ?",
        )
        .run(timeline);
  }

  /** Changes something at random. */
  edit(): void {
    const { db, random } = this;
    const timelines = this.timelines();
    if (timelines.length === 0) return;
    const one = random.of(timelines);
    const some = timelines.filter(() => random.chance(0.2));
    const run = (sql: string, ...values: unknown[]): void => void db.prepare(sql).run(...values);
    const acts: (() => void)[] = [
      () => this.addJob(),
      () => run('UPDATE images SET rating = ? WHERE timeline = ?', random.below(6), one),
      () => run('UPDATE images SET favourite = 1 - favourite, rejected = ? WHERE timeline = ?', random.below(2), one),
      () => run('UPDATE images SET deleted_at = CASE WHEN deleted_at IS NULL THEN 1 END WHERE timeline = ?', one),
      () =>
        run(
          'UPDATE images SET note = ?, stack_cover = ? WHERE timeline = ?',
          random.of([null, 'a note']),
          random.below(2),
          one,
        ),
      () => run('UPDATE images SET cost = ?, thumbhash = NULL WHERE timeline = ?', random.below(100_000), one),
      () => run('DELETE FROM images WHERE timeline = ?', one),
      () => {
        const tag = 1 + random.below(TAGS.length);
        for (const timeline of some) run('INSERT OR IGNORE INTO image_tags VALUES (?, ?)', tag, timeline);
      },
      () => run('DELETE FROM image_tags WHERE timeline = ?', one),
      () => {
        const collection = 1 + random.below(COLLECTIONS.length);
        for (const timeline of some)
          run('INSERT OR IGNORE INTO collection_images VALUES (?, ?, ?, 1)', collection, timeline, random.next());
      },
      () => run('DELETE FROM collection_images WHERE timeline = ?', one),
      () =>
        run(
          'UPDATE generations SET billing = ? WHERE id = (SELECT generation_id FROM images WHERE timeline = ?)',
          random.of(['billed', 'possible']),
          one,
        ),
      () => run('UPDATE tags SET parent = ? WHERE key = 4', random.of([null, 1])),
    ];
    random.of(acts)();
  }
}

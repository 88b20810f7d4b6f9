import type { FileFormat } from '../../electron/contract/catalogue/file-formats.ts';
import { absentFile, FEATHER, type ImageSource, type JobSpec } from './plan-job.ts';
import type { PlannedImage, PlannedMarks } from './planned.ts';
import type { FileWriter } from './drawn-files.ts';
import { PICTURES, type Picture, type PictureHash } from './pictures.ts';
import { revise } from './prompts.ts';
import type { Random } from './random.ts';
import type { Shelves } from './shelves.ts';
import { NOTES } from './vocabulary.ts';

const DAY_MS = 86_400_000;

export interface ImageSettings {
  random: Random;
  hashes: readonly PictureHash[];
  shelves: Shelves;
  until: number;
  /** Null for a library without files. */
  files: FileWriter | null;
}

/** Plans the images of jobs: their files, hashes and what a person added. Each gets a millisecond of its own, later than the one before. */
export class ImageWriter implements ImageSource {
  readonly #random: Random;
  readonly #hashes: ReadonlyMap<Picture, Buffer>;
  readonly #files: FileWriter | null;
  readonly #shelves: Shelves;
  readonly #until: number;
  #lastAt = 0;
  /** Of the last images, for near duplicates. */
  #dhash = Buffer.alloc(8);
  #tags: number[] = [];
  #tagsOf: JobSpec | null = null;

  constructor({ random, hashes, shelves, until, files }: ImageSettings) {
    this.#random = random;
    this.#hashes = new Map(
      PICTURES.map((picture, at) => [picture, Buffer.from(hashes[at]?.thumbhash ?? '', 'base64')]),
    );
    this.#shelves = shelves;
    this.#until = until;
    this.#files = files;
  }

  image({
    job,
    at,
    position,
    format,
  }: {
    job: JobSpec;
    at: number;
    position: number;
    format: FileFormat;
  }): PlannedImage {
    const random = this.#random;
    this.#lastAt = Math.max(at, this.#lastAt + 1);
    const { drawn } = job;
    const damaged = !drawn && random.chance(0.0004);
    const file = (drawn && this.#files?.write(drawn)) ?? absentFile(format, job.width * job.height, random);
    return {
      ...{ id: random.id(this.#lastAt), at: this.#lastAt, position, file, width: job.width, height: job.height },
      hasAlpha: job.picture.transparent,
      thumbhash: damaged ? null : (drawn?.thumbhash ?? this.#thumbhash(job.picture)),
      dhash: damaged ? null : drawn ? Buffer.from(drawn.dhash) : this.#nextDhash(),
      flaw: damaged ? 'truncated' : null,
      revisedPrompt: job.kind === 'create' && random.chance(0.12) ? revise(job.prompt, random) : null,
      marks: this.#marks(this.#lastAt),
      strict: job.strict ? this.#strict(job) : null,
      tags: this.#tagsFor(job),
      collections: random.chance(0.1) ? [this.#collection()] : [],
    };
  }

  #collection(): number {
    const { collections } = this.#shelves;
    return collections[this.#random.zipf(collections.length)]?.key ?? 1;
  }

  /** A picture's hash with a few details changed, so that no two images are quite alike. */
  #thumbhash(picture: Picture): string {
    const bytes = Buffer.from(this.#hashes.get(picture) ?? Buffer.alloc(21));
    // The first six bytes are the average colour and the shape.
    for (let change = 0; change < 3; change += 1) {
      const at = 6 + this.#random.below(Math.max(1, bytes.length - 6));
      bytes[at] = (bytes[at] ?? 0) ^ 1;
    }
    return bytes.toString('base64');
  }

  /** Now and then almost that of the image before. */
  #nextDhash(): Buffer {
    const random = this.#random;
    if (random.chance(0.01)) {
      const near = Buffer.from(this.#dhash);
      const at = random.below(8);
      near[at] = (near[at] ?? 0) ^ (1 << random.below(8));
      return near;
    }
    const next = Buffer.alloc(8);
    next.writeUInt32LE(random.word(), 0);
    next.writeUInt32LE(random.word(), 4);
    this.#dhash = next;
    return next;
  }

  #marks(at: number): PlannedMarks {
    const random = this.#random;
    const rating = random.chance(0.78)
      ? 0
      : random.weighted([
          [1, 1],
          [2, 2],
          [3, 5],
          [4, 4],
          [5, 2],
        ] as const);
    return {
      rating,
      favourite: rating >= 4 ? random.chance(0.4) : random.chance(0.01),
      rejected: rating === 0 && random.chance(0.05),
      note: random.chance(0.01) ? random.pick(NOTES) : null,
      trashedAt: random.chance(0.005) ? Math.min(at + Math.floor(random.next() * 20 * DAY_MS), this.#until) : null,
    };
  }

  #strict(job: JobSpec): PlannedImage['strict'] {
    const random = this.#random;
    const outside = Math.round(job.width * job.height * random.between(0.5, 0.95));
    const changed = Math.round(outside * random.next());
    const file =
      (job.drawn && this.#files?.writePlain(job.drawn.bytes)) ?? absentFile('png', job.width * job.height, random);
    return { feather: FEATHER, file, outside, changed, visible: Math.round(changed * random.next() * 0.2) };
  }

  /** The images of a job mostly have the same tags. */
  #tagsFor(job: JobSpec): number[] {
    const random = this.#random;
    if (this.#tagsOf !== job) {
      this.#tagsOf = job;
      const { tags } = this.#shelves;
      const wanted = tags.length > 0 && random.chance(0.3) ? 1 + random.zipf(3) : 0;
      this.#tags = [...new Set(Array.from({ length: wanted }, () => tags[random.zipf(tags.length)] ?? 1))];
    }
    return random.chance(0.9) ? this.#tags : [];
  }
}

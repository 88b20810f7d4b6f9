import type { OutputFormat } from '../../electron/contract/catalogue/parameters.ts';
import { ImageWriter } from './image-writer.ts';
import { PICTURES, type Picture, type PictureHash } from './pictures.ts';
import { planJob, type EarlierImage, type JobWish } from './plan-job.ts';
import type { PlannedInput, PlannedJob } from './planned.ts';
import { PromptWriter } from './prompts.ts';
import { LIGHTS } from './vocabulary.ts';
import type { Random } from './random.ts';
import type { Shelves } from './shelves.ts';

/** Images that a new job may start from. */
const REMEMBERED = 48;
const COUNTS: readonly (readonly [images: number, weight: number])[] = [
  [1, 40],
  [2, 14],
  [3, 5],
  [4, 30],
  [6, 3],
  [8, 4],
  [10, 4],
];
const FORMATS: readonly (readonly [OutputFormat, number])[] = [
  ['png', 58],
  ['webp', 20],
  ['jpeg', 18],
  ['gif', 2],
  ['svg', 2],
];

/** Plans jobs one after the other, as a person would: new images, edits of the last ones, variations, batches, repeats. */
export class JobWriter {
  readonly #random: Random;
  readonly #prompts: PromptWriter;
  readonly #images: ImageWriter;
  readonly #earlier: EarlierImage[] = [];
  readonly #masks = new Map<string, PlannedInput>();

  constructor(random: Random, hashes: readonly PictureHash[], shelves: Shelves, until: number) {
    this.#random = random;
    this.#prompts = new PromptWriter(random);
    this.#images = new ImageWriter(random, hashes, shelves, until);
  }

  /** The next job, with at most `most` images. */
  write(at: number, age: number, most: number): PlannedJob {
    const random = this.#random;
    const images = Math.min(most, random.weighted(COUNTS));
    const earlier = this.#earlier[random.zipf(Math.max(1, this.#earlier.length))] ?? null;
    const wish = earlier && random.chance(0.28) ? this.#edit(earlier) : this.#create(earlier, age);
    return this.#plan({ ...wish, at, age, images, batch: null, model: null });
  }

  /** The jobs of a batch with one variable in its prompt, with at most `most` images. */
  writeBatch(at: number, age: number, most: number): PlannedJob[] {
    const random = this.#random;
    const wish = this.#create(null, age);
    const choices = [...new Set(Array.from({ length: 2 + random.below(5) }, () => random.pick(LIGHTS)))].slice(0, most);
    const id = random.id(at);
    const template = `${wish.prompt}, {${choices.join('|')}}`;
    const jobs: PlannedJob[] = [];
    for (const [place, choice] of choices.entries()) {
      const prompt = choices.length > 1 ? `${wish.prompt}, ${choice}` : wish.prompt;
      const batch = choices.length > 1 ? { id, place: [place], createdAt: Math.floor(at), template } : null;
      const model = jobs[0]?.generations[0]?.model ?? null;
      const job = this.#plan({ ...wish, at: at + place, age, images: 1, prompt, batch, model });
      if (job.batch && jobs[0]?.batch) job.batch.base = jobs[0].batch.base;
      jobs.push(job);
    }
    return jobs;
  }

  #plan(wish: JobWish): PlannedJob {
    const job = planJob(wish, this.#images, this.#random);
    this.#remember(job, PICTURES.indexOf(wish.picture));
    return job;
  }

  #create(earlier: EarlierImage | null, age: number): Omit<JobWish, 'at' | 'age' | 'images' | 'batch' | 'model'> {
    const random = this.#random;
    const picture = random.weighted(age < FREE_SIZES_SINCE && random.chance(0.95) ? WEIGHTED_CLASSIC : WEIGHTED);
    const scale =
      picture.subject === 'strip' || age < FREE_SIZES_SINCE
        ? 1
        : random.weighted([
            [1, 16],
            [1.5, 3],
            [0.5, 1],
          ] as const);
    const format = random.weighted(FORMATS);
    return {
      ...{ picture, width: Math.ceil(picture.width * scale), height: Math.ceil(picture.height * scale) },
      ...{ prompt: this.#prompts.write(picture.subject), kind: 'create', inputs: [], strict: false },
      format: picture.transparent && format !== 'webp' ? 'png' : format,
      repeats: earlier && random.chance(0.03) ? earlier.id : null,
    };
  }

  #edit(earlier: EarlierImage): Omit<JobWish, 'at' | 'age' | 'images' | 'batch' | 'model'> {
    const random = this.#random;
    const { width, height } = earlier;
    const picture = PICTURES[earlier.picture] ?? random.weighted(WEIGHTED_CLASSIC);
    const image: PlannedInput = { role: 'image', file: earlier.file, imageId: earlier.id };
    if (width === 1024 && height === 1024 && random.chance(0.05))
      return {
        picture,
        width,
        height,
        prompt: '',
        kind: 'variation',
        inputs: [image],
        strict: false,
        format: 'png',
        repeats: null,
      };
    const masked = random.chance(0.4);
    const inputs = masked
      ? [image, this.#mask('mask', width, height)]
      : random.chance(0.08)
        ? [image, this.#mask('markup', width, height)]
        : [image];
    return {
      picture,
      width,
      height,
      prompt: this.#prompts.writeEdit(),
      kind: 'edit',
      inputs,
      strict: masked && random.chance(0.5),
      format: 'png',
      repeats: null,
    };
  }

  /** One of a few for each size. */
  #mask(role: 'mask' | 'markup', width: number, height: number): PlannedInput {
    const key = `${role} ${width}x${height} ${this.#random.below(4)}`;
    const known = this.#masks.get(key);
    if (known) return known;
    const file = { sha256: this.#random.hex(32), format: 'png', bytes: 2000 + this.#random.below(40_000) } as const;
    const made: PlannedInput = { role, file, imageId: null, added: { width, height } };
    this.#masks.set(key, made);
    return made;
  }

  #remember(job: PlannedJob, picture: number): void {
    for (const { images, prompt } of job.generations)
      for (const { id, file, width, height, flaw, marks } of images)
        if (flaw === null && marks.trashedAt === null)
          this.#earlier.unshift({ id, file, picture, width, height, prompt });
    if (this.#earlier.length > REMEMBERED) this.#earlier.length = REMEMBERED;
  }
}

const WEIGHTED: readonly (readonly [Picture, number])[] = PICTURES.map((picture) => [picture, picture.weight]);
/** Earlier, models made three sizes only. */
const FREE_SIZES_SINCE = 0.6;
const WEIGHTED_CLASSIC = WEIGHTED.filter(
  ([{ width, height }]) => width * height <= 1024 * 1536 && width > 1 && height > 1,
);

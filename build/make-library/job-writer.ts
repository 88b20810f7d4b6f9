import type { OutputFormat } from '../../electron/contract/catalogue/parameters.ts';
import type { DrawnMask, DrawnPicture, FileWriter } from './drawn-files.ts';
import { ImageWriter, type ImageSettings } from './image-writer.ts';
import { PICTURES, type Picture } from './pictures.ts';
import { planJob, type EarlierImage, type JobSpec } from './plan-job.ts';
import type { PlannedFile, PlannedInput, PlannedJob } from './planned.ts';
import { PromptWriter } from './prompts.ts';
import { LIGHTS } from './vocabulary.ts';
import type { Random } from './random.ts';

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
const SCALES: readonly (readonly [scale: number, weight: number])[] = [
  [1, 16],
  [1.5, 3],
  [0.5, 1],
];
const FORMATS: readonly (readonly [OutputFormat, number])[] = [
  ['png', 58],
  ['webp', 20],
  ['jpeg', 18],
  ['gif', 2],
  ['svg', 2],
];

/** Files for the newest images. */
export interface Drawings {
  pictures: readonly DrawnPicture[];
  masks: readonly DrawnMask[];
  files: FileWriter;
  /** The number of images before the first that has files. */
  from: number;
}

type Content = Omit<JobSpec, 'at' | 'age' | 'images' | 'batch' | 'model'>;

/** Plans jobs one after the other, as a person would: new images, edits of the last ones, variations, batches, repeats. */
export class JobWriter {
  readonly #random: Random;
  readonly #prompts: PromptWriter;
  readonly #images: ImageWriter;
  readonly #earlier: EarlierImage[] = [];
  readonly #drawings: Drawings | null;
  #written = 0;
  readonly #masks = new Map<string, PlannedInput>();

  constructor(settings: ImageSettings & { drawings: Drawings | null }) {
    this.#random = settings.random;
    this.#drawings = settings.drawings;
    this.#prompts = new PromptWriter(this.#random);
    this.#images = new ImageWriter(settings);
  }

  /** The next job, with at most `most` images. */
  write(at: number, age: number, most: number): PlannedJob {
    const random = this.#random;
    const images = Math.min(most, random.weighted(COUNTS));
    const earlier = this.#earlier[random.zipf(Math.max(1, this.#earlier.length))] ?? null;
    const spec = earlier && random.chance(0.28) ? this.#edit(earlier) : this.#create(earlier, age);
    return this.#plan({ ...spec, at, age, images, batch: null, model: null });
  }

  /** The jobs of a batch with one variable in its prompt, with at most `most` images. */
  writeBatch(at: number, age: number, most: number): PlannedJob[] {
    const random = this.#random;
    const spec = this.#create(null, age);
    const choices = [...new Set(Array.from({ length: 2 + random.below(5) }, () => random.pick(LIGHTS)))].slice(0, most);
    const id = random.id(at);
    const template = `${spec.prompt}, {${choices.join('|')}}`;
    const jobs: PlannedJob[] = [];
    for (const [place, choice] of choices.entries()) {
      const prompt = choices.length > 1 ? `${spec.prompt}, ${choice}` : spec.prompt;
      const batch = choices.length > 1 ? { id, place: [place], createdAt: Math.floor(at), template } : null;
      const model = jobs[0]?.generations[0]?.model ?? null;
      const job = this.#plan({ ...spec, at: at + place, age, images: 1, prompt, batch, model });
      if (job.batch && jobs[0]?.batch) job.batch.base = jobs[0].batch.base;
      jobs.push(job);
    }
    return jobs;
  }

  #plan(spec: JobSpec): PlannedJob {
    const job = planJob(spec, this.#images, this.#random);
    this.#remember(job, spec);
    return job;
  }

  /** Set for those images that have files. */
  get #drawn(): Drawings | null {
    return this.#drawings && this.#written >= this.#drawings.from ? this.#drawings : null;
  }

  #create(earlier: EarlierImage | null, age: number): Content {
    const random = this.#random;
    const drawn = this.#drawn && random.weighted(this.#drawn.pictures.map((one) => [one, one.picture.weight] as const));
    const usual = age < FREE_SIZES_SINCE && random.chance(0.95) ? WEIGHTED_CLASSIC : WEIGHTED;
    const picture = drawn?.picture ?? random.weighted(usual);
    const isScaled = !drawn && picture.subject !== 'strip' && age >= FREE_SIZES_SINCE;
    const scale = isScaled ? random.weighted(SCALES) : 1;
    const format = drawn?.format ?? random.weighted(FORMATS);
    return {
      ...{ picture, drawn, width: Math.ceil(picture.width * scale), height: Math.ceil(picture.height * scale) },
      ...{ prompt: this.#prompts.write(picture.subject), kind: 'create', inputs: [], strict: false },
      format: picture.transparent && format !== 'webp' ? 'png' : format,
      repeats: earlier && random.chance(0.03) ? earlier.id : null,
    };
  }

  #edit(earlier: EarlierImage): Content {
    const random = this.#random;
    const { width, height, picture, drawn } = earlier;
    const image: PlannedInput = { role: 'image', file: earlier.file, imageId: earlier.id };
    const shared = { picture, drawn, width, height, format: drawn?.format ?? 'png', repeats: null } as const;
    if (width === 1024 && height === 1024 && random.chance(0.05))
      return { ...shared, prompt: '', kind: 'variation', inputs: [image], strict: false };
    const role = random.chance(0.4) ? 'mask' : random.chance(0.13) ? 'markup' : null;
    const layer = role && this.#mask(role, width, height);
    const inputs = layer ? [image, layer] : [image];
    const strict = layer?.role === 'mask' && (!drawn || drawn.format === 'png') && random.chance(0.5);
    return { ...shared, prompt: this.#prompts.writeEdit(), kind: 'edit', inputs, strict };
  }

  /** One of a few for each size; null where there are files, and none of that size. */
  #mask(role: 'mask' | 'markup', width: number, height: number): PlannedInput | null {
    const which = this.#random.below(2);
    const key = `${role} ${width}x${height} ${which} ${this.#drawn !== null}`;
    const known = this.#masks.get(key);
    if (known) return known;
    const file = this.#drawn ? this.#writeMask(role, width, height, which) : this.#absentMask();
    if (!file) return null;
    const made: PlannedInput = { role, file, imageId: null, added: { width, height } };
    this.#masks.set(key, made);
    return made;
  }

  #absentMask(): PlannedFile {
    return { sha256: this.#random.hex(32), format: 'png', bytes: 2000 + this.#random.below(40_000) };
  }

  #writeMask(role: 'mask' | 'markup', width: number, height: number, which: number): PlannedFile | null {
    const drawn = this.#drawn;
    const all = drawn?.masks ?? [];
    const fitting = all.filter((mask) => mask.role === role && mask.width === width && mask.height === height);
    const mask = fitting[which % Math.max(1, fitting.length)];
    return drawn && mask ? drawn.files.writePlain(mask.bytes) : null;
  }

  #remember(job: PlannedJob, { picture, drawn }: JobSpec): void {
    const had = this.#drawn !== null;
    for (const { images, prompt } of job.generations) {
      this.#written += images.length;
      for (const { id, file, width, height, flaw, marks } of images)
        if (flaw === null && marks.trashedAt === null && file.format !== 'gif' && file.format !== 'svg')
          this.#earlier.unshift({ id, file, picture, drawn, width, height, prompt });
    }
    if (this.#earlier.length > REMEMBERED) this.#earlier.length = REMEMBERED;
    // Images with files are edits of images with files only.
    if (this.#drawn !== null && !had) this.#earlier.length = 0;
  }
}

const WEIGHTED: readonly (readonly [Picture, number])[] = PICTURES.map((picture) => [picture, picture.weight]);
/** Earlier, models made three sizes only. */
const FREE_SIZES_SINCE = 0.6;
const WEIGHTED_CLASSIC = WEIGHTED.filter(
  ([{ width, height }]) => width * height <= 1024 * 1536 && width > 1 && height > 1,
);

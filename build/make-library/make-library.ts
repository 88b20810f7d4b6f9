import { readdirSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { errorCode } from '../../electron/disk/error-code.ts';
import { reindexAllImages } from '../../electron/library/images/reindex-images.ts';
import { indexUsedPrompts } from '../../electron/library/prompts/index-prompts.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { loadInBulk } from './bulk.ts';
import { planDays, type WorkDay } from './calendar.ts';
import { insertJob } from './insert-job.ts';
import { drawMasks, drawPictures, FileWriter } from './drawn-files.ts';
import { JobWriter, type Drawings } from './job-writer.ts';
import { hashPictures } from './pictures.ts';
import type { PlannedJob } from './planned.ts';
import { Random } from './random.ts';
import { UsedPrompts } from './used-prompts.ts';
import { insertShelves } from './shelves.ts';
import { writeSidecars } from './write-sidecars.ts';

export interface LibraryOptions {
  /** A new or empty folder. */
  dir: string;
  /** Images. */
  count: number;
  /** The newest images that have files: originals and thumbnails. */
  thumbnails?: number;
  /** The same seed and the same `until` give the same rows. */
  seed?: number;
  /** The newest image is from the day before, ms since 1970. */
  until?: number;
  /** How many tags there are. */
  tags?: number;
  /** Called after every few thousand with the number of images so far. */
  progress?: (images: number) => void;
  /** Stops early: the library is whole, with fewer images. */
  signal?: AbortSignal;
}

export interface MadeLibrary {
  dir: string;
  images: number;
  jobs: number;
}

export const DEFAULT_SEED = 1;
const DEFAULT_TAGS = 300;
/** Start of the UTC day from which a library without `until` looks back. */
const startOfToday = (): number => Math.floor(Date.now() / DAY_MS) * DAY_MS;
const DAY_MS = 86_400_000;
const YEARS_MS = 3 * 365 * DAY_MS;
/** Part of the clicks that create a batch. */
const BATCHES = 0.02;
/** Images between two breaks. */
const BATCH = 2000;

/**
 * Makes a library in a folder and closes it.
 * @throws StudioError `disk-unwritable` for a folder that isn't empty
 */
export async function makeLibrary(options: LibraryOptions): Promise<MadeLibrary> {
  const dir = resolve(options.dir);
  await requireEmptyFolder(dir);
  const library = await openLibrary(dir);
  try {
    return await fillLibrary(library, options);
  } finally {
    library.close();
  }
}

async function requireEmptyFolder(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true }).catch((thrown: unknown) => {
    throw refusal(`${dir} isn’t a folder that can be written to.`, thrown);
  });
  if (readFolder(dir).length === 0) return;
  throw refusal(`${dir} isn’t empty.`);
}

function readFolder(dir: string): string[] {
  try {
    return readdirSync(dir);
  } catch (thrown) {
    throw refusal(`${dir} can’t be read (${errorCode(thrown)}).`, thrown);
  }
}

function refusal(what: string, cause?: unknown): StudioError {
  const message = `${what} Nothing was changed. Choose a new or empty folder for the library.`;
  return new StudioError({ code: 'disk-unwritable', message }, { cause });
}

async function fillLibrary(
  library: Library,
  {
    count,
    thumbnails = 0,
    seed = DEFAULT_SEED,
    until = startOfToday(),
    tags = DEFAULT_TAGS,
    progress,
    signal,
  }: LibraryOptions,
): Promise<MadeLibrary> {
  const { db } = library;
  const random = new Random(seed);
  // An index of this version, so that no start makes it again.
  await reindexAllImages(db);
  const shelves = insertShelves(db, { tags, from: until - YEARS_MS, random });
  const hashes = await hashPictures();
  const drawings = thumbnails > 0 ? await drawFiles(library.folder, count, thumbnails) : null;
  const writer = new JobWriter({ random, hashes, shelves, until, drawings, files: drawings?.files ?? null });
  const jobs = writeJobs(writer, planDays(count, until, random), until, random);
  const made: MadeLibrary = { dir: library.folder, images: 0, jobs: 0 };
  await loadInBulk(db, async () => {
    const prompts = new UsedPrompts();
    while (insertBatch(db, jobs, { made, prompts })) {
      progress?.(made.images);
      await yieldToEventLoop();
      if (signal?.aborted) break;
    }
    prompts.insert(db);
  });
  progress?.(made.images);
  await indexUsedPrompts(db);
  await writeSidecars(library);
  return made;
}

async function drawFiles(folder: string, count: number, thumbnails: number): Promise<Drawings> {
  const pictures = await drawPictures(thumbnails);
  const masks = await drawMasks(pictures);
  return { pictures, masks, files: new FileWriter(folder), from: Math.max(0, count - thumbnails) };
}

/** @returns false after the last job */
function insertBatch(
  db: Library['db'],
  jobs: Iterator<PlannedJob>,
  { made, prompts }: { made: MadeLibrary; prompts: UsedPrompts },
): boolean {
  const end = made.images + BATCH;
  while (made.images < end) {
    const next = jobs.next();
    if (next.done) return false;
    insertJob(db, next.value, prompts);
    made.images += next.value.generations.reduce((sum, { images }) => sum + images.length, 0);
    made.jobs += 1;
  }
  return true;
}

/** The jobs of all days, oldest first. */
function* writeJobs(writer: JobWriter, days: readonly WorkDay[], until: number, random: Random): Generator<PlannedJob> {
  for (const { from, to, images } of days) {
    const age = 1 - (until - from) / YEARS_MS;
    for (let made = 0; made < images;) {
      const at = from + ((to - from) * made) / images;
      const jobs = random.chance(BATCHES)
        ? writer.writeBatch(at, age, images - made)
        : [writer.write(at, age, images - made)];
      for (const job of jobs) {
        made += job.generations.reduce((sum, generation) => sum + generation.images.length, 0);
        yield job;
      }
    }
  }
}

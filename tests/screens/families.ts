import { createHash, randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import type {
  DraftId,
  GenerationId,
  ImageId,
  JobId,
  NodeId,
  ProfileId,
  Sha256,
} from '../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { encode } from '../../electron/demo-api/drawing/encode.ts';
import { renderScene } from '../../electron/demo-api/drawing/render-scene.ts';
import { saveImage } from '../../electron/library/images/save-image.ts';
import { createThumbnails } from '../../electron/library/images/thumbnails.ts';
import { inputFromImage } from '../../electron/library/inputs/input-from-image.ts';
import { finishGeneration, markSent } from '../../electron/library/jobs/generations.ts';
import { finishJob, recordIntent, startJob } from '../../electron/library/jobs/jobs.ts';
import { incomingFolder, openLibrary, type Library } from '../../electron/library/library.ts';

/** Images that the screens open by their id. */
export interface Families {
  /** Of ten relatives: edits, variations, a canvas draft, a rerun. */
  small: ImageId;
  /** Of 200 relatives. */
  large: ImageId;
  /** Of a job whose other request failed. */
  partial: ImageId;
}

interface Made {
  prompt: string;
  count?: number;
  model?: string;
  size?: string;
  from?: readonly ImageId[];
  variation?: boolean;
  repeats?: ImageId;
  canvas?: { draftId: DraftId; node: NodeId };
  revised?: string;
  /** A further request of the job that failed. */
  failed?: boolean;
}

const SIZE = { width: 768, height: 512 };
/** Different files of one subject. */
const SCENES = 5;
const STILL_LIFE = 'Still life: a stoneware bottle with an olive branch, two pears and one lemon';
const SEA = 'A calm sea under a low sun';
const COURTYARD = 'A sunlit courtyard, cobalt walls and a low arch';

const REFUSED: ErrorReport = {
  code: 'server-failed',
  message: 'The server failed while it was creating the image. Not billed.',
  billing: 'none',
};

/** Adds images with relatives to a closed library, newer than those in it. */
export async function writeFamilies(folder: string): Promise<Families> {
  const library = await openLibrary(folder);
  try {
    const writer = new FamilyWriter(library, Date.now() - 6 * 3_600_000);
    writer.subject = COURTYARD;
    const large = await writeLarge(writer);
    writer.subject = STILL_LIFE;
    const small = await writeSmall(writer);
    writer.subject = SEA;
    const [partial] = await writer.make({ prompt: SEA, failed: true });
    return { small, large, partial };
  } finally {
    library.close();
  }
}

async function writeSmall(writer: FamilyWriter): Promise<ImageId> {
  const [first, ...others] = await writer.make({
    ...{ prompt: STILL_LIFE, count: 2, size: '1536x1024' },
    revised: `${STILL_LIFE}, soft morning light from the left`,
  });
  const [dusk] = await writer.make({ prompt: `${STILL_LIFE} at dusk`, from: [first] });
  const [lamp] = await writer.make({ prompt: `${STILL_LIFE} at dusk, one lamp on the wall`, from: [dusk] });
  await writer.make({ prompt: '', variation: true, from: [lamp], count: 3 });
  const draftId = uuid() as DraftId;
  const [step] = await writer.make({
    ...{ prompt: `${STILL_LIFE} at dusk, a red glass`, from: [dusk] },
    canvas: { draftId, node: 'root' as NodeId },
  });
  await writer.make({
    ...{ prompt: `${STILL_LIFE} at dusk, a red glass and a knife`, from: [step] },
    canvas: { draftId, node: step as string as NodeId },
  });
  await writer.make({ prompt: STILL_LIFE, model: 'gpt-image-2.5-sunburst', repeats: first });
  await writer.make({ prompt: `${STILL_LIFE}, painted in gouache`, from: [first, ...others] });
  return dusk;
}

async function writeLarge(writer: FamilyWriter): Promise<ImageId> {
  const [root] = await writer.make({ prompt: COURTYARD });
  const changes = ['at night', 'in the rain', 'after snowfall', 'with a fountain', 'seen from above', 'in fog'];
  let at = root;
  for (let round = 0; round < 11; round += 1) {
    const words = changes[round % changes.length] ?? '';
    const made = await writer.make({ prompt: `${COURTYARD}, ${words}`, from: [at], count: 8 });
    await writer.make({ prompt: '', variation: true, from: [made[1] ?? at], count: 4 });
    await writer.make({ prompt: `${COURTYARD}, ${words}, one lamp`, from: [made[2] ?? at], count: 6 });
    if (round % 3 === 2) at = root;
    else [at] = made;
  }
  return root;
}

/** Records requests and their images, each a minute after the one before. */
class FamilyWriter {
  readonly #library: Library;
  readonly #files = new Map<string, Promise<Buffer>>();
  #at: number;
  #made = 0;
  /** What the next images show. */
  subject = STILL_LIFE;

  constructor(library: Library, at: number) {
    this.#library = library;
    this.#at = at;
  }

  async make(made: Made): Promise<[ImageId, ...ImageId[]]> {
    const { db } = this.#library;
    const at = (this.#at += 60_000);
    const { job, generation, other } = await this.#intend(made, at);
    const first = await this.#save(made, generation, at);
    const ids: [ImageId, ...ImageId[]] = [first];
    for (let more = 1; more < (made.count ?? 1); more += 1) ids.push(await this.#save(made, generation, at));
    const answer = { created: Math.floor(at / 1000), size: '768x512', quality: 'medium', output_format: 'png' };
    finishGeneration(db, generation, { state: 'done', at, answer, billing: 'billed', error: null });
    if (other) {
      finishGeneration(db, other, { state: 'failed', at, answer: null, billing: 'none', error: REFUSED });
      finishJob(db, job, { state: 'failed', error: REFUSED, at });
    } else finishJob(db, job, { state: 'done', error: null, at });
    return ids;
  }

  async #intend(made: Made, at: number) {
    const { db } = this.#library;
    const [job, generation, other] = [uuid() as JobId, uuid() as GenerationId, uuid() as GenerationId];
    const n = made.count ?? 1;
    const parameters = {
      model: made.model ?? 'gpt-image-2.6-sunburst',
      ...(!made.variation && { prompt: made.prompt, quality: 'high' }),
      ...{ size: made.size ?? '768x512', n },
    };
    const estimate = { min: 40_000 * n, max: 60_000 * n };
    const requests = made.failed ? [generation, other] : [generation];
    recordIntent(db, {
      ...{ id: job, request: await this.#request(made, parameters, requests.length) },
      ...{ profileName: 'Environment', baseUrl: 'https://api.openai.com/v1', createdAt: at },
      estimate: { min: estimate.min * requests.length, max: estimate.max * requests.length },
      generations: requests.map((id) => ({ id, parameters, n, estimate })),
    });
    startJob(db, job, at);
    for (const id of requests) markSent(db, id, at);
    return { job, generation, other: made.failed ? other : null };
  }

  async #request(made: Made, parameters: { n: number }, requests: number): Promise<JobRequest> {
    const inputs = await Promise.all((made.from ?? []).map((image) => this.#input(image)));
    const operation = made.variation ? 'variation' : inputs.length > 0 ? 'edit' : 'create';
    return {
      ...{ operation, profileId: 'environment' as ProfileId },
      parameters: { ...parameters, n: parameters.n * requests },
      ...(operation !== 'create' && { inputs }),
      ...{ repeats: made.repeats ?? null, canvas: made.canvas ?? null },
    } as JobRequest;
  }

  async #input(image: ImageId): Promise<{ role: 'image'; sha256: Sha256; image: ImageId }> {
    const { sha256 } = await inputFromImage(this.#library, image);
    return { role: 'image', sha256, image };
  }

  async #save({ revised = null }: { revised?: string | null }, generationId: GenerationId, at: number) {
    const number = (this.#made += 1);
    const scene = this.#draw(number % SCENES);
    // Bytes after a PNG's end make each file unique.
    const bytes = Buffer.concat([await scene, Buffer.from(String(number))]);
    const path = join(incomingFolder(this.#library), `${randomUUID()}.png`);
    await writeFile(path, bytes);
    const file = { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') as Sha256 };
    const { id } = await saveImage(this.#library, { generationId, position: 0, file, revisedPrompt: revised, at });
    await createThumbnails(this.#library, id);
    return id;
  }

  #draw(seed: number): Promise<Buffer> {
    const key = `${this.subject} ${seed}`;
    const drawn = this.#files.get(key) ?? drawScene(this.subject, seed);
    this.#files.set(key, drawn);
    return drawn;
  }
}

async function drawScene(prompt: string, seed: number): Promise<Buffer> {
  return encode(await renderScene({ prompt, seed: seed * 7, transparent: false, ...SIZE }), 'png', 100);
}

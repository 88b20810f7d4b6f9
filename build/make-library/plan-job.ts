import { findModel, type Model } from '../../electron/contract/catalogue/models.ts';
import type { FileFormat } from '../../electron/contract/catalogue/file-formats.ts';
import type { OutputFormat, Quality } from '../../electron/contract/catalogue/parameters.ts';
import { computeCost } from '../../electron/contract/costs/cost.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { StudioError, toErrorReport, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { PlannedFile, PlannedGeneration, PlannedImage, PlannedInput, PlannedJob } from './planned.ts';
import type { DrawnPicture } from './drawn-files.ts';
import type { Picture } from './pictures.ts';
import type { Random } from './random.ts';
import { pickModel, pickServer, pricesOf, type MadeServer } from './servers.ts';

/** An image that a later request may start from. */
export interface EarlierImage {
  id: string;
  file: PlannedFile;
  picture: Picture;
  drawn: DrawnPicture | null;
  width: number;
  height: number;
  prompt: string;
}

/** What one job is to be. */
export interface JobSpec {
  /** When it is created, ms since 1970. */
  at: number;
  /** 0: three years ago, 1: now. */
  age: number;
  images: number;
  prompt: string;
  picture: Picture;
  /** Its file, where the images of the job have one. */
  drawn: DrawnPicture | null;
  width: number;
  height: number;
  format: OutputFormat;
  kind: 'create' | 'edit' | 'variation';
  inputs: PlannedInput[];
  strict: boolean;
  /** `createdAt` and `template` are the whole batch's. */
  batch: { id: string; place: number[]; createdAt: number; template: string } | null;
  repeats: string | null;
  /** Null: one of those in use then. */
  model: string | null;
}

/** What the planner asks its surroundings for. */
export interface ImageSource {
  /** An image of the job, at its place in time. */
  image(of: { job: JobSpec; at: number; position: number; format: FileFormat }): PlannedImage;
}

const QUALITIES: readonly (readonly [Quality, number])[] = [
  ['auto', 3],
  ['low', 3],
  ['medium', 6],
  ['high', 8],
  ['xhigh', 2],
  ['max', 1],
];
/** Output tokens of an image of 1024 × 1024 where the catalogue has none. */
const USUAL_TOKENS = 1056;
const SQUARE = 1024 * 1024;

/** A job as it ended, with its requests and images. */
export function planJob(spec: JobSpec, source: ImageSource, random: Random): PlannedJob {
  const masked = spec.inputs.some(({ role }) => role === 'mask');
  const size = `${spec.width}x${spec.height}`;
  const need = { size, transparent: spec.picture.transparent, operation: spec.kind, masked };
  const model = spec.model === null ? pickModel(spec.age, need, random) : findModel(spec.model);
  const server = pickServer(model, random);
  const end = random.chance(0.035) ? random.pick(['failed', 'failed', 'cancelled', 'interrupted'] as const) : 'done';
  const streamed = model.streaming && random.chance(spec.images === 1 ? 0.7 : 0.15);
  const requests = streamed ? spec.images : 1;
  const details: Details = { spec, model, server, end, n: spec.images / requests, streamed, random };
  const parameters = parametersOf(details);
  const id = random.id(spec.at);
  const request = requestOf(details, parameters);
  let at = spec.at + random.between(5000, 40_000);
  const generations = Array.from({ length: requests }, (_, ordinal) => {
    const generation = planGeneration(details, { jobId: id, ordinal, parameters, at }, source);
    at = generation.finishedAt + random.between(30, 900);
    return generation;
  });
  return {
    ...{ id, state: end, request, profileName: server.name, baseUrl: server.baseUrl },
    ...{ createdAt: Math.floor(spec.at), finishedAt: generations.at(-1)?.finishedAt ?? Math.floor(spec.at) },
    ...{ error: generations[0]?.error ?? null, dismissed: true, batch: batchOf(spec, request), generations },
  };
}

interface Details {
  spec: JobSpec;
  model: Model;
  server: MadeServer;
  end: PlannedGeneration['state'];
  /** Images of each request. */
  n: number;
  streamed: boolean;
  random: Random;
}

function parametersOf({ spec, model, streamed, random }: Details): JobRequest['parameters'] {
  const size = random.chance(0.12) ? 'auto' : `${spec.width}x${spec.height}`;
  const shared = { model: model.name, n: spec.images, size };
  if (spec.kind === 'variation') return shared;
  const wanted = random.weighted(QUALITIES);
  const quality = model.qualities.includes(wanted) ? wanted : model.qualities[0];
  return {
    ...shared,
    prompt: spec.prompt,
    ...(quality && { quality }),
    ...(model.formats.length > 1 && { output_format: spec.format }),
    ...(spec.picture.transparent && { background: 'transparent' as const }),
    ...(streamed && { stream: true, partial_images: 2 }),
    ...(spec.format === 'gif' && { frame_count: 9, frame_duration_ms: 200 }),
    ...(spec.format === 'svg' && { svg: { model: 'gpt-5.6' } }),
  };
}

function requestOf({ spec, server }: Details, parameters: JobRequest['parameters']): JobRequest {
  const operation = spec.kind;
  const inputs = spec.inputs.map(({ role, file, imageId }) => ({ role, sha256: file.sha256, image: imageId }));
  const request = {
    ...{ operation, profileId: server.profileId, parameters },
    ...(spec.repeats !== null && { repeats: spec.repeats }),
    ...(operation !== 'create' && { inputs }),
    ...(spec.strict && { strict: { feather: FEATHER } }),
  };
  // Ids are branded where they are read; here they are made.
  return request as unknown as JobRequest;
}

function batchOf({ batch }: JobSpec, request: JobRequest): PlannedJob['batch'] {
  if (!batch) return null;
  const { template, ...rest } = batch;
  return { ...rest, base: { ...request, parameters: { ...request.parameters, prompt: template } } as JobRequest };
}

/** Feather of strict masks in pixels, the application's default. */
export const FEATHER = 6;

interface Place {
  jobId: string;
  ordinal: number;
  parameters: JobRequest['parameters'];
  at: number;
}

function planGeneration(details: Details, { ordinal, parameters, at }: Place, source: ImageSource): PlannedGeneration {
  const { spec, model, server, end, n, random } = details;
  const sentAt = Math.floor(at - random.between(2000, 4500));
  const done = end === 'done';
  const images: PlannedImage[] = [];
  for (let position = 0; position < (done ? n : 0); position += 1)
    images.push(source.image({ job: spec, at: Math.floor(at), position, format: spec.format }));
  const finishedAt = Math.max(Math.floor(at) + 5, images.at(-1)?.at ?? 0);
  const answer = done ? answerOf(details, parameters, finishedAt) : null;
  const prices = server.free ? null : pricesOf(model);
  const cost = done ? computeCost({ answer, images: n, prices, svgPrices: SVG_PRICES, free: server.free }) : null;
  return {
    ...{ id: random.id(spec.at), ordinal, operation: spec.kind, state: end, model: model.name, prompt: spec.prompt, n },
    ...{ parameters: { ...parameters, n }, sentAt, finishedAt, answer, images, inputs: spec.inputs },
    ...{ requestId: done ? `req_${random.hex(16)}` : null, status: done ? 200 : null },
    ...{ billing: billingOf(details), error: errorOf(details) },
    ...{
      estimate: cost && { min: Math.floor(cost.cost * 0.8), max: Math.ceil(cost.cost * 1.4) },
      cost,
      prices: cost && prices,
    },
  };
}

const SVG_PRICES = {
  textIn: 1.25,
  textCached: null,
  imageIn: null,
  imageCached: null,
  imageOut: null,
  textOut: 10,
  perImage: null,
};

function answerOf(
  { spec, model, n, random }: Details,
  parameters: JobRequest['parameters'],
  at: number,
): PlannedGeneration['answer'] {
  if (model.outputTokens === null) return { created: Math.floor(at / 1000) };
  const quality =
    'quality' in parameters && parameters.quality && parameters.quality !== 'auto' ? parameters.quality : 'high';
  const [min, max] = model.outputTokens[quality] ?? [USUAL_TOKENS, USUAL_TOKENS];
  const output = Math.round(random.between(min, max) * ((spec.width * spec.height) / SQUARE)) * n;
  const text = Math.ceil(spec.prompt.length / 4);
  const image = spec.inputs.length * 780;
  return {
    created: Math.floor(at / 1000),
    size: `${spec.width}x${spec.height}`,
    quality,
    output_format: spec.format,
    background: spec.picture.transparent ? 'transparent' : 'opaque',
    usage: {
      input_tokens: text + image,
      output_tokens: output,
      total_tokens: text + image + output,
      input_tokens_details: { text_tokens: text, image_tokens: image },
    },
  };
}

function billingOf({ server, end, random }: Details): PlannedGeneration['billing'] {
  if (server.free) return 'none';
  if (end === 'done') return 'billed';
  return end === 'interrupted' || random.chance(0.4) ? 'possible' : 'none';
}

function errorOf({ end }: Details): ErrorReport | null {
  return end === 'done' ? null : ERRORS[end];
}

const text = (code: 'server-failed' | 'cancelled' | 'interrupted', sentence: string): ErrorReport =>
  toErrorReport(new StudioError({ code, billing: 'possible', detail: { kind: 'text', text: sentence } }));
const ERRORS: Readonly<Record<Exclude<PlannedGeneration['state'], 'done'>, ErrorReport>> = {
  failed: text('server-failed', 'The server reported an error.'),
  cancelled: text('cancelled', 'This request was stopped.'),
  interrupted: text('interrupted', 'Emulsion ended before the response arrived.'),
};

/** A file that isn't on the disk: most of a made library's. */
export function absentFile(format: FileFormat, pixels: number, random: Random): PlannedFile {
  return { sha256: random.hex(32), format, bytes: Math.round(2000 + pixels * random.between(0.15, 1.4)) };
}

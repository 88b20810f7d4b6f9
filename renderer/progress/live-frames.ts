import type { GenerationState } from '../../electron/contract/entities/generations.ts';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import type { PartialImage, Image } from '../../electron/contract/entities/images.ts';
import type { Job, JobGeneration } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { parseSize } from '../../electron/contract/rules/size-rules.ts';

/** One image of a job, from the click on. */
export interface Frame {
  key: string;
  generationId: GenerationId | null;
  state: GenerationState;
  sentAt: number | null;
  /** In order received; each replaces the one before. */
  partials: PartialImage[];
  /** Number of partial images requested. */
  asked: number;
  image: Image | null;
  error: ErrorReport | null;
}

/** Number of images the job requests. */
export function requestedImages(job: Job): number {
  return (job.request.parameters as Partial<CreateParameters>).n ?? 1;
}

/** A frame for each image, in order; more than requested where the server sent more. */
export function jobFrames(job: Job): Frame[] {
  const { partial_images } = job.request.parameters as Partial<CreateParameters>;
  const asked = partial_images ?? 0;
  const known = job.generations.flatMap((generation) => generationFrames(generation, asked));
  const missing = Math.max(0, requestedImages(job) - known.length);
  const reserved = Array.from({ length: missing }, (_, index): Frame => {
    const nothing = { generationId: null, sentAt: null, partials: [], image: null, error: null };
    return { key: `reserved-${index}`, state: 'intent', asked, ...nothing };
  });
  return [...known, ...reserved];
}

function generationFrames(generation: JobGeneration, asked: number): Frame[] {
  const { id, n, state, sentAt, partials, images, error } = generation;
  return Array.from({ length: Math.max(n, images.length) }, (_, index) => ({
    key: `${id}-${index}`,
    generationId: id,
    state,
    sentAt,
    // Partial images exist only for one image a request; with several they belong to the first.
    partials: index === 0 ? partials : [],
    asked,
    image: images[index] ?? null,
    error,
  }));
}

/** In pixels; used for the ratio. */
export interface FrameSize {
  width: number;
  height: number;
}

/**
 * Size of a job's frames: the requested size. Where the server chooses it: that of the first image received (`seen`), and a
 * square until then.
 */
export function frameSize(job: Job, seen: FrameSize | null): FrameSize {
  const { size } = job.request.parameters as Partial<CreateParameters>;
  const asked = size == null ? null : parseSize(size);
  const first = job.generations.flatMap(({ images }) => images)[0];
  return asked ?? first ?? seen ?? { width: 1024, height: 1024 };
}

/** One segment of the progress bar under a frame. */
export interface ProgressPart {
  name: string;
  state: 'done' | 'now' | 'coming';
  /** Milliseconds from sent to received; null until then. */
  after: number | null;
}

/** The progress bar: a segment for each requested partial image and one for the final image. */
export function progressParts(frame: Frame): ProgressPart[] {
  const { partials, asked, image, sentAt, state } = frame;
  const running = state === 'sent' && image === null;
  const after = (at: number | undefined): number | null =>
    at === undefined || sentAt === null ? null : Math.max(0, at - sentAt);
  const steps = Array.from({ length: Math.max(asked, partials.length) }, (_, index): ProgressPart => {
    const arrived = partials[index];
    const now = running && index === partials.length;
    return { name: `${index + 1}`, state: arrived ? 'done' : now ? 'now' : 'coming', after: after(arrived?.arrivedAt) };
  });
  const now = running && partials.length >= asked;
  return [...steps, { name: 'Final', state: image ? 'done' : now ? 'now' : 'coming', after: after(image?.createdAt) }];
}

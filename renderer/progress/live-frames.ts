import type { GenerationState } from '../../electron/contract/entities/generations.ts';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import type { PartialImage, Image } from '../../electron/contract/entities/images.ts';
import type { Job, JobGeneration } from '../../electron/contract/entities/jobs.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { parseSize } from '../../electron/contract/rules/parameter-rules.ts';

/** The place of one image of a job, reserved from the click on. */
export interface Frame {
  key: string;
  generationId: GenerationId | null;
  state: GenerationState;
  sentAt: number | null;
  /** In order of arrival; each replaces the one before. */
  partials: PartialImage[];
  /** How many partial images were asked for. */
  asked: number;
  image: Image | null;
  error: ErrorReport | null;
}

/** How many images a job was asked for. */
export function requestedImages(job: Job): number {
  return (job.request.parameters as Partial<CreateParameters>).n ?? 1;
}

/** Every image's frame, in order; more than were asked for where a server sent more. */
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
    // Partial images come one request an image; with several images they can only belong to the first.
    partials: index === 0 ? partials : [],
    asked,
    image: images[index] ?? null,
    error,
  }));
}

/** A frame's ratio, in pixels of what it is for. */
export interface FrameSize {
  width: number;
  height: number;
}

/**
 * Width and height of a job's frames: the size that was asked for. Where only the server knows it, that of the first thing that
 * came (`seen`), and a square until then.
 */
export function frameSize(job: Job, seen: FrameSize | null): FrameSize {
  const { size } = job.request.parameters as Partial<CreateParameters>;
  const asked = size == null ? null : parseSize(size);
  const first = job.generations.flatMap(({ images }) => images)[0];
  return asked ?? first ?? seen ?? { width: 1024, height: 1024 };
}

/** One part of the line under a frame. */
export interface ProgressPart {
  name: string;
  state: 'done' | 'now' | 'coming';
  /** Milliseconds from sending to arrival, once it is there. */
  after: number | null;
}

/** The line under a frame: a part for each partial image that was asked for, and one for the final image. */
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

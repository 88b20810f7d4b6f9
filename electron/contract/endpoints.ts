import * as v from 'valibot';
import { BatchRequestSchema, type Batch } from './rules/batch.ts';
import type { Collection } from './entities/collections.ts';
import type { HostInfo, LogExcerpt } from './entities/host.ts';
import {
  BatchIdSchema,
  CollectionIdSchema,
  DraftIdSchema,
  GenerationIdSchema,
  Sha256Schema,
  ImageIdSchema,
  JobIdSchema,
  ProfileIdSchema,
} from './entities/ids.ts';
import type { ImageRecord } from './entities/image-records.ts';
import { ImageCursorSchema, type Image, type ImagePage } from './entities/images.ts';
import type { InputImage } from './entities/inputs.ts';
import { JobCursorSchema, type Job, type JobPage, type RecentJob } from './entities/jobs.ts';
import { ProfileDraftSchema, type Profile, type ProfileCheck } from './entities/profiles.ts';
import type { QueueState } from './entities/queue.ts';
import { JobRequestSchema } from './entities/requests.ts';
import { SettingsChangeSchema, type Settings } from './entities/settings.ts';
import type { TokenHistory } from './entities/money.ts';
import { DraftHeadSchema, StepsChangeSchema, StepsKeySchema, type StoredDraft } from './entities/drafts.ts';
import { FramingSchema, MaskFittingSchema, InputPreparationSchema } from './entities/input-preparation.ts';
import { StrictMaskOptionsSchema } from './entities/strict-mask.ts';
import type { ProbeReport } from './catalogue/servers.ts';
import { TimeSpanSchema, SpendingCursorSchema, type Spending, type SpendingPage } from './entities/spending.ts';

/** One call of the contract: what goes in (checked once, in dispatch) and what comes out. */
export interface Endpoint<Payload extends v.GenericSchema, Result> {
  payload: Payload;
  /** Carries the result's type only; never read. */
  result?: Result;
}

const endpoint = <Result>() => ({
  takes: <Payload extends v.GenericSchema>(payload: Payload): Endpoint<Payload, Result> => ({ payload }),
});
const noPayload = v.strictObject({});
const pageLimit = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(500));

/** Every call that the renderer can make, by name. Handlers, transports and the API are all made from this one table. */
export const ENDPOINTS = {
  'host.info': endpoint<HostInfo>().takes(noPayload),
  /** Shows an image's file in the system's file manager: what a strict mask made of it, unless the `raw` answer is wanted. */
  'host.reveal': endpoint<null>().takes(
    v.strictObject({ imageId: ImageIdSchema, raw: v.optional(v.boolean(), false) }),
  ),
  /** Lets the person pick another library folder; null when they changed their mind. Takes effect at the next start. */
  'host.chooseLibrary': endpoint<{ folder: string } | null>().takes(noPayload),

  /** Shows the log file in the system's file manager. Refused with `unsupported-here` where there is none. */
  'host.revealLog': endpoint<null>().takes(noPayload),
  /** Where the log file is, and its newest lines, oldest first. */
  'host.getLog': endpoint<LogExcerpt>().takes(noPayload),
  /** What helps to find the cause of a problem, as text. Holds no key, prompt or password. */
  'host.getDiagnostics': endpoint<{ text: string }>().takes(noPayload),

  'settings.get': endpoint<Settings>().takes(noPayload),
  'settings.change': endpoint<Settings>().takes(SettingsChangeSchema),

  'profiles.save': endpoint<Profile>().takes(ProfileDraftSchema),
  'profiles.remove': endpoint<null>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  'profiles.setKey': endpoint<Profile>().takes(
    v.strictObject({ profileId: ProfileIdSchema, key: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(4096)) }),
  ),
  'profiles.removeKey': endpoint<Profile>().takes(v.strictObject({ profileId: ProfileIdSchema })),
  /** Asks the server for its models: proves address and key, costs nothing. */
  'profiles.check': endpoint<ProfileCheck>().takes(v.strictObject({ profileId: ProfileIdSchema })),

  /**
   * Learns what a server can do. Without `spend` it asks only what costs nothing; with it one small image is made to learn of
   * streaming and usage figures. Lines come as `probe` events; the report is kept with the profile.
   */
  'profiles.probe': endpoint<ProbeReport>().takes(
    v.strictObject({ profileId: ProfileIdSchema, spend: v.boolean(), overCap: v.optional(v.boolean(), false) }),
  ),

  /**
   * Records the intent, queues the job and answers at once. The caller makes the id: asking again with one that is there answers that
   * job and sends nothing. Refused with `cap-reached` where the month's cap would be crossed, unless `overCap` says that the person
   * was asked.
   */
  'jobs.create': endpoint<Job>().takes(
    v.strictObject({ id: JobIdSchema, request: JobRequestSchema, overCap: v.optional(v.boolean(), false) }),
  ),
  /** The same for every combination of a batch, all of them or none. */
  'jobs.createBatch': endpoint<Batch>().takes(
    v.strictObject({ id: BatchIdSchema, batch: BatchRequestSchema, overCap: v.optional(v.boolean(), false) }),
  ),
  'jobs.getBatch': endpoint<Batch>().takes(v.strictObject({ batchId: BatchIdSchema })),
  /**
   * Jobs that wait or run, and those not yet dismissed that failed, were interrupted, or were stopped after something had come of them
   * (perhaps a bill, partial images, images). Oldest first. Of the ended ones the newest; all of them are in the history.
   */
  'jobs.list': endpoint<Job[]>().takes(noPayload),
  'jobs.cancel': endpoint<null>().takes(v.strictObject({ jobId: JobIdSchema })),
  'jobs.dismiss': endpoint<null>().takes(v.strictObject({ jobId: JobIdSchema })),

  /** Jobs that have ended, dismissed or not, newest first. */
  'jobs.history': endpoint<JobPage>().takes(v.strictObject({ after: v.nullable(JobCursorSchema), limit: pageLimit })),
  /** Puts a waiting job before another one; null: at the end. One that does not wait any more stays where it is. */
  'jobs.move': endpoint<QueueState>().takes(v.strictObject({ jobId: JobIdSchema, before: v.nullable(JobIdSchema) })),

  'queue.get': endpoint<QueueState>().takes(noPayload),
  'queue.setPaused': endpoint<QueueState>().takes(v.strictObject({ paused: v.boolean() })),

  /** An image of the library as an input: what a strict mask made of it where there is such a result, unless the `raw` answer is wanted. */
  'inputs.fromImage': endpoint<InputImage>().takes(
    v.strictObject({ imageId: ImageIdSchema, raw: v.optional(v.boolean(), false) }),
  ),
  /** What is known of inputs that were added before; those that are gone are left out. */
  'inputs.get': endpoint<InputImage[]>().takes(
    v.strictObject({ inputs: v.pipe(v.array(Sha256Schema), v.maxLength(64)) }),
  ),
  /** Makes another input of one, and says what it did. */
  'inputs.prepare': endpoint<InputImage>().takes(InputPreparationSchema),
  'inputs.fitMask': endpoint<InputImage>().takes(MaskFittingSchema),
  /** An image cut to a frame that may reach beyond it. */
  'inputs.frame': endpoint<InputImage>().takes(FramingSchema),

  /** Drafts of the canvas, the one that was changed last first. */
  'drafts.list': endpoint<StoredDraft[]>().takes(noPayload),
  /** Keeps a draft, new or changed. Its steps are kept apart. */
  'drafts.save': endpoint<StoredDraft>().takes(DraftHeadSchema),
  /** Removes a draft with its steps. Images that were made from it stay in the library. */
  'drafts.remove': endpoint<null>().takes(v.strictObject({ draftId: DraftIdSchema })),
  'drafts.getSteps': endpoint<string[]>().takes(StepsKeySchema),
  /** Refused with `not-found` where there is no such draft, and with `bad-payload` where there are fewer steps than `from`. */
  'drafts.saveSteps': endpoint<null>().takes(StepsChangeSchema),
  /** All that was sent from a draft, oldest first, whether it runs, has ended or was dismissed. */
  'drafts.listJobs': endpoint<Job[]>().takes(v.strictObject({ draftId: DraftIdSchema })),

  /**
   * Lays an answer over its first input, anew for instance with another feather or after it had failed; a result with that feather that is
   * there is left as it is. Answers with the image, also where it failed: `strict` says why. Refused with `input-invalid` for an image
   * that was made without a mask, and with the failure itself where an older result is there, which stays.
   */
  'strict.apply': endpoint<Image>().takes(v.strictObject({ imageId: ImageIdSchema, options: StrictMaskOptionsSchema })),

  /** What a model's newest requests used, for the estimate of the next. */
  'spending.tokenHistory': endpoint<TokenHistory>().takes(
    v.strictObject({ model: v.pipe(v.string(), v.maxLength(256)) }),
  ),
  /** `steps`: where each bar of the chart begins, in milliseconds since 1970, rising; the last ends with the span. */
  'spending.get': endpoint<Spending>().takes(
    v.strictObject({ span: TimeSpanSchema, steps: v.pipe(v.array(v.number()), v.minLength(1), v.maxLength(400)) }),
  ),
  'spending.lines': endpoint<SpendingPage>().takes(
    v.strictObject({ span: TimeSpanSchema, after: v.nullable(SpendingCursorSchema), limit: pageLimit }),
  ),

  'collections.list': endpoint<Collection[]>().takes(noPayload),
  'collections.create': endpoint<Collection>().takes(
    v.strictObject({ name: v.pipe(v.string(), v.trim(), v.nonEmpty(), v.maxLength(120)) }),
  ),
  /** Puts images into a collection, or takes them out of it. */
  'collections.setMembership': endpoint<null>().takes(
    v.strictObject({
      collectionId: CollectionIdSchema,
      imageIds: v.pipe(v.array(ImageIdSchema), v.maxLength(1000)),
      present: v.boolean(),
    }),
  ),

  /** Everything that a server answered to a request, as JSON without the pixels: one document, or one for each event of a stream. */
  'library.response': endpoint<{ documents: unknown[] }>().takes(v.strictObject({ generationId: GenerationIdSchema })),
  /** The text of an SVG, cut after `longest` characters. */
  'library.svgSource': endpoint<{ text: string; cut: boolean }>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /** Newest first, by key. `search` matches words of the prompt. */
  'library.page': endpoint<ImagePage>().takes(
    v.strictObject({
      search: v.pipe(v.string(), v.maxLength(500)),
      after: v.nullable(ImageCursorSchema),
      limit: pageLimit,
    }),
  ),
  'library.image': endpoint<ImageRecord>().takes(v.strictObject({ imageId: ImageIdSchema })),
  /** The newest clicks that left images, each with all of them. */
  'library.recentJobs': endpoint<RecentJob[]>().takes(
    v.strictObject({ limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100)) }),
  ),
} as const;

type Endpoints = typeof ENDPOINTS;
export type EndpointName = keyof Endpoints;
/** What a caller passes. */
export type PayloadInput<N extends EndpointName> = v.InferInput<Endpoints[N]['payload']>;
/** What a handler receives after validation. */
export type Payload<N extends EndpointName> = v.InferOutput<Endpoints[N]['payload']>;
export type Result<N extends EndpointName> = Endpoints[N] extends Endpoint<v.GenericSchema, infer R> ? R : never;

export function isEndpointName(name: string): name is EndpointName {
  return Object.hasOwn(ENDPOINTS, name);
}

import * as v from 'valibot';
import type { Billing, ErrorReport } from './errors.ts';
import { PriceRowSchema, type CostBasis, type Micros, type MicrosRange, type PriceRow } from './entities/money.ts';
import {
  CreateParametersSchema,
  EditParametersSchema,
  VariationParametersSchema,
  type Operation,
  type OutputFormat,
} from './catalogue/parameters.ts';
import { StrictMaskOptionsSchema, type StrictMaskOptions } from './entities/strict-mask.ts';
import {
  OverridesSchema,
  SERVER_KINDS,
  type Overrides,
  type ProbeReport,
  type ServerKind,
} from './catalogue/servers.ts';

/** Ids are UUIDs of version 7, so that their order is the order of creation. Brands keep one kind from standing in for another. */
const id = <const B extends string>(brand: B) => v.pipe(v.string(), v.uuid(), v.brand(brand));
export const JobIdSchema = id('JobId');
export const GenerationIdSchema = id('GenerationId');
export const ImageIdSchema = id('ImageId');
export const CollectionIdSchema = id('CollectionId');
/** A batch of jobs that were asked for with one click. */
export const BatchIdSchema = id('BatchId');
/** A draft of the canvas. */
export const DraftIdSchema = id('DraftId');
/** An image of a draft's tree: `root`, or the id of an image that was made from it. */
export const NodeIdSchema = v.pipe(v.string(), v.regex(/^(?:root|[0-9a-f-]{36})$/u), v.brand('NodeId'));
/** `demo`, `environment`, or a UUID. */
export const ProfileIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,64}$/u), v.brand('ProfileId'));

export type JobId = v.InferOutput<typeof JobIdSchema>;
export type GenerationId = v.InferOutput<typeof GenerationIdSchema>;
export type ImageId = v.InferOutput<typeof ImageIdSchema>;
export type CollectionId = v.InferOutput<typeof CollectionIdSchema>;
export type BatchId = v.InferOutput<typeof BatchIdSchema>;
export type DraftId = v.InferOutput<typeof DraftIdSchema>;
export type NodeId = v.InferOutput<typeof NodeIdSchema>;
export type ProfileId = v.InferOutput<typeof ProfileIdSchema>;

/** Lower-case hexadecimal SHA-256 of an original's bytes: its name on disk. */
export const Sha256Schema = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/u), v.brand('Sha256'));
export type Sha256 = v.InferOutput<typeof Sha256Schema>;

/** Milliseconds since 1970, UTC. */
export type Timestamp = number;

// ---------------------------------------------------------------- requests

export const INPUT_ROLES = ['image', 'mask', 'markup'] as const;
export type InputRole = (typeof INPUT_ROLES)[number];

/**
 * An image that goes out with an edit or a variation, by its bytes, which lie among the library's originals. `image`: the library's
 * image that it was taken from. The first of role `image` is the one that a mask or a markup refers to.
 */
export const InputSchema = v.strictObject({
  role: v.picklist(INPUT_ROLES),
  sha256: Sha256Schema,
  image: v.nullable(ImageIdSchema),
});
export type Input = v.InferOutput<typeof InputSchema>;

const inputs = v.pipe(v.array(InputSchema), v.maxLength(18));

/** What every request says beside its parameters. */
const request = {
  profileId: ProfileIdSchema,
  /** Where its images go besides the library. */
  collectionId: v.optional(v.nullable(CollectionIdSchema)),
  /** The image that it repeats with another model, to compare them. */
  repeats: v.optional(v.nullable(ImageIdSchema)),
  /** The draft of the canvas that it was sent from, and the image of that draft's tree that was on the stage. */
  canvas: v.optional(v.nullable(v.strictObject({ draftId: DraftIdSchema, node: NodeIdSchema }))),
};

/** What a person asks for with one click. `n` with `stream` becomes n requests of one job. */
export const JobRequestSchema = v.variant('operation', [
  v.strictObject({ operation: v.literal('create'), ...request, parameters: CreateParametersSchema }),
  v.strictObject({
    operation: v.literal('edit'),
    ...request,
    parameters: EditParametersSchema,
    inputs,
    /** The person asked for a variation, and the server has no endpoint for it. */
    variation: v.optional(v.boolean()),
    /** Wished for with a mask: without one it says nothing. */
    strict: v.optional(v.nullable(StrictMaskOptionsSchema)),
  }),
  v.strictObject({
    operation: v.literal('variation'),
    ...request,
    parameters: VariationParametersSchema,
    inputs,
  }),
]);
export type JobRequest = v.InferOutput<typeof JobRequestSchema>;

// ---------------------------------------------------------------- jobs

/**
 * `waiting` → `running` → `done` | `failed` | `cancelled`. `interrupted`: the application ended while the job was unfinished; its
 * error says what is known about money. A job that is `done` or `cancelled` or `failed` may have images.
 */
export const JOB_STATES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type JobState = (typeof JOB_STATES)[number];

/**
 * One request (one POST) of a job. `intent`: recorded, nothing sent. `sent`: the request left; the outcome is unknown until it
 * turns into one of the others.
 */
export const GENERATION_STATES = ['intent', 'sent', 'done', 'failed', 'cancelled', 'interrupted'] as const;
export type GenerationState = (typeof GENERATION_STATES)[number];

/** An image's place on screen before and after its pixels are there. */
export interface Image {
  id: ImageId;
  jobId: JobId;
  generationId: GenerationId;
  /** The prompt of its generation, '' for a variation; also its accessible name. */
  prompt: string;
  model: string;
  createdAt: Timestamp;
  width: number;
  height: number;
  format: OutputFormat;
  /** Size of the original in bytes. */
  bytes: number;
  hasAlpha: boolean;
  /** Base64 of the thumbhash (about 25 bytes), or null where the image has no decoded pixels. */
  thumbhash: string | null;
  /** True where the bytes cannot be decoded. They are kept as they came. */
  damaged?: boolean;
  /** What came of the wish for a strict mask; left out where there was none, or nothing has come of it yet. */
  strict?: StrictMaskResult;
}

/** A partial image, while its generation runs and afterwards. Its pixels are at `/partial/<generation>/<index>`. */
export interface PartialImage {
  generationId: GenerationId;
  /** 0-based, counted by us in the order of arrival: servers' own numbers repeat or are missing. */
  index: number;
  arrivedAt: Timestamp;
  bytes: number;
}

/** What came of the wish for one image. The raw answer is kept whatever comes of it. */
export type StrictMaskResult =
  | {
      state: 'done';
      feather: number;
      /** The recomposited image: an input of the library (`/images/input/<sha256>`), as large as the first input. */
      sha256: Sha256;
      width: number;
      height: number;
      /** Whether any of its pixels lets something shine through. */
      hasAlpha: boolean;
      /** Pixels outside the mask. */
      outside: number;
      /** Of them, those that the raw answer changed at all. */
      changed: number;
      /** Of those, the ones that an eye can tell: some channel differs by more than `VISIBLE`. */
      visible: number;
    }
  | { state: 'failed'; feather: number; error: ErrorReport };

/** One request of a job, as the screen needs it while it runs. */
export interface JobGeneration {
  id: GenerationId;
  state: GenerationState;
  /** How many images it asked for. */
  n: number;
  sentAt: Timestamp | null;
  finishedAt: Timestamp | null;
  requestId: string | null;
  billing: Billing;
  /** What it cost; null while or where that is not known. */
  cost: Micros | null;
  partials: PartialImage[];
  images: Image[];
  error: ErrorReport | null;
}

export interface Job {
  id: JobId;
  state: JobState;
  request: JobRequest;
  profileName: string;
  createdAt: Timestamp;
  startedAt: Timestamp | null;
  finishedAt: Timestamp | null;
  generations: JobGeneration[];
  /** The first error of its generations; stays until dismissed. */
  error: ErrorReport | null;
  dismissed: boolean;
  batchId: BatchId | null;
  /** What it was thought to cost when it was asked for; null where nothing was known. */
  estimate: MicrosRange | null;
}

export const JobCursorSchema = v.strictObject({ createdAt: v.number(), id: JobIdSchema });
export type JobCursor = v.InferOutput<typeof JobCursorSchema>;

/** Jobs that have ended, newest first. `next` is null on the last page. */
export interface JobPage {
  jobs: Job[];
  next: JobCursor | null;
}

/** A profile whose server has asked for patience: nothing is sent to it before `until`. */
export interface RateLimitHold {
  profileId: ProfileId;
  until: Timestamp;
  /** `rate-limit`: a 429, or headers that say that nothing is left. */
  reason: 'rate-limit';
}

/** The queue's own state; the jobs in it are told one by one. */
export interface QueueState {
  /** Nothing new is sent until the person goes on. What runs, runs. */
  paused: boolean;
  /** The computer sleeps or has just woken: nothing new is sent for a moment. */
  suspended: boolean;
  /** Waiting jobs in the order in which they will be sent. */
  order: JobId[];
  holds: RateLimitHold[];
}

// ---------------------------------------------------------------- records

/** Not `Infinity`, which JSON can say (1e999) and not write. */
const finite = v.pipe(v.number(), v.finite());

/** Tokens as a server counted them. Any of it may be missing from a compatible server. */
export const UsageSchema = v.looseObject({
  input_tokens: v.optional(finite),
  output_tokens: v.optional(finite),
  total_tokens: v.optional(finite),
  input_tokens_details: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  output_tokens_details: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
});
export type Usage = v.InferOutput<typeof UsageSchema>;

/** Everything of an answer but the pixels, by the API's names. */
export const ResponseMetadataSchema = v.strictObject({
  created: v.optional(v.number()),
  background: v.optional(v.string()),
  output_format: v.optional(v.string()),
  quality: v.optional(v.string()),
  size: v.optional(v.string()),
  safety_identifier: v.optional(v.nullable(v.string())),
  usage: v.optional(UsageSchema),
  svg_usage: v.optional(v.record(v.string(), v.unknown())),
});
export type ResponseMetadata = v.InferOutput<typeof ResponseMetadataSchema>;

/** One request and what became of it: the record behind an image. */
export interface Generation {
  id: GenerationId;
  jobId: JobId;
  operation: Operation;
  state: GenerationState;
  /** As sent, by the API's names. */
  parameters: JobRequest['parameters'];
  inputs: InputRecord[];
  profileName: string;
  /** Scheme, host and path that it went to; never a key. */
  baseUrl: string;
  createdAt: Timestamp;
  sentAt: Timestamp | null;
  finishedAt: Timestamp | null;
  requestId: string | null;
  status: number | null;
  answer: ResponseMetadata | null;
  billing: Billing;
  cost: Micros | null;
  costBasis: CostBasis | null;
  /** What it was thought to cost before it was sent. */
  estimate: MicrosRange | null;
  /** True for an edit that was asked for as a variation. */
  variation: boolean;
  /** The wish for a strict mask; null where there was none. */
  strict: StrictMaskOptions | null;
  error: ErrorReport | null;
  partials: PartialImage[];
}

export interface InputRecord {
  role: InputRole;
  position: number;
  sha256: Sha256;
  /** The image of the library that it was taken from, if it still is there. */
  imageId: ImageId | null;
}

/** An image with all that is known of it. */
export interface ImageRecord extends Image {
  /** 0-based place in its generation. */
  position: number;
  sha256: Sha256;
  revisedPrompt: string | null;
  /** Its share of what its request cost; null where that is not known. */
  cost: Micros | null;
  collections: Collection[];
  /** The image that its request repeats with another model, while that is in the library. */
  repeats: ImageId | null;
  /** Images of requests that repeat this one with another model, newest first; not those in the trash. */
  repeatedBy: Image[];
  generation: Generation;
  /** The other images of the same click, in order, this one too. */
  siblings: Image[];
}

/** A named group of images; an image may be in several. */
export interface Collection {
  id: CollectionId;
  name: string;
  images: number;
}

/** An image that can go out: a file among the library's originals, looked at. */
export interface InputImage {
  sha256: Sha256;
  /** The library's image that it was taken from. */
  image: ImageId | null;
  /** A file's name, or the prompt of the image. */
  name: string;
  format: OutputFormat;
  bytes: number;
  /** As it is seen, after its orientation was applied. */
  width: number;
  height: number;
  /** 1 to 8, as EXIF counts; above 1 the pixels lie turned or mirrored in the file. */
  orientation: number;
  frames: number;
  hasAlpha: boolean;
  /** Base64 of the thumbhash. */
  thumbhash: string | null;
  /** What was done to the image that it was made from, as sentences; [] for one that is as it came. */
  changes: string[];
}

/** A click's images together, for the list on *Create*. */
export interface RecentJob {
  jobId: JobId;
  /** What it cost in all, as far as that is known. */
  cost: Micros | null;
  estimate: MicrosRange | null;
  prompt: string;
  model: string;
  size: string | null;
  quality: string | null;
  createdAt: Timestamp;
  images: Image[];
}

/** A page of the library, newest first. `next` is null on the last page. */
export interface ImagePage {
  images: Image[];
  /** Images that match in all. */
  total: number;
  next: ImageCursor | null;
}

export const ImageCursorSchema = v.strictObject({ createdAt: v.number(), id: ImageIdSchema });
export type ImageCursor = v.InferOutput<typeof ImageCursorSchema>;

// ---------------------------------------------------------------- settings

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** `saved`: made by the person. `environment`: from OPENAI_API_KEY and its kin; read only. `demo`: the built-in server; read only. */
export const PROFILE_KINDS = ['saved', 'environment', 'demo'] as const;
export type ProfileKind = (typeof PROFILE_KINDS)[number];

/** Where a key is. `encrypted`: on disk, by the system's keychain. `session`: in memory until the host ends. */
export const KEY_STATES = ['none', 'encrypted', 'session', 'environment', 'not-needed'] as const;
export type KeyState = (typeof KEY_STATES)[number];

/** A place where images are made. Holds no key: a key goes in through `profiles.setKey` and never comes out. */
export interface Profile {
  id: ProfileId;
  kind: ProfileKind;
  name: string;
  baseUrl: string;
  organisation: string | null;
  project: string | null;
  key: KeyState;
  /** The last four characters of a key with more than 12, to tell keys apart. */
  keyHint: string | null;
  server: ServerKind;
  /** Azure only: the `api-version` of the address, for instance `2025-04-01-preview`. */
  apiVersion: string | null;
  /** Azure deployments only: the deployment's name for a model's. A model without one is its own. */
  deployments: Readonly<Record<string, string>>;
  /** How many requests run there at once. */
  concurrency: number;
  /** Nothing that is made there is billed. */
  free: boolean;
  overrides: Overrides;
  /** What the last probe found; null before one. */
  found: ProbeReport | null;
}

/** What a profile is of which nobody has said more. */
export const DEFAULT_PROFILE_FIELDS = {
  server: 'compatible',
  apiVersion: null,
  deployments: {},
  concurrency: 4,
  free: false,
  overrides: {},
  found: null,
} as const satisfies Partial<Profile>;

/** The most requests that one profile runs at once. */
export const MAX_CONCURRENCY = 16;

const singleLine = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(200),
  v.check((text) => !/[\r\n\0]/u.test(text), 'Has a line break.'),
);

export const ProfileDraftSchema = v.strictObject({
  id: v.nullable(ProfileIdSchema),
  name: v.pipe(singleLine, v.nonEmpty('A profile needs a name.')),
  baseUrl: v.pipe(v.string(), v.trim(), v.maxLength(2000)),
  organisation: v.nullable(singleLine),
  project: v.nullable(singleLine),
  server: v.optional(v.picklist(SERVER_KINDS)),
  apiVersion: v.optional(v.nullable(singleLine)),
  deployments: v.optional(v.record(singleLine, singleLine)),
  concurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CONCURRENCY))),
  free: v.optional(v.boolean()),
  overrides: v.optional(OverridesSchema),
});
export type ProfileDraft = v.InferOutput<typeof ProfileDraftSchema>;

/** Which HTTP proxy requests go through. `environment`: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. */
export const ProxySchema = v.variant('mode', [
  v.strictObject({ mode: v.literal('environment') }),
  v.strictObject({ mode: v.literal('none') }),
  v.strictObject({ mode: v.literal('manual'), url: v.pipe(v.string(), v.trim(), v.maxLength(2000)) }),
]);
export type Proxy = v.InferOutput<typeof ProxySchema>;

export const SettingsChangeSchema = v.strictObject({
  theme: v.optional(v.picklist(THEMES)),
  profileId: v.optional(v.nullable(ProfileIdSchema)),
  proxy: v.optional(ProxySchema),
  /** What may be spent in a calendar month before Emulsion asks, in micro-dollars; null: no cap. */
  monthlyCap: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
  /** The whole list of the person's own rows. */
  prices: v.optional(v.pipe(v.array(PriceRowSchema), v.maxLength(200))),
});
export type SettingsChange = v.InferOutput<typeof SettingsChangeSchema>;

export interface Settings {
  theme: Theme;
  /** The profile that requests go to; null until the person has chosen one: then the first run is shown. */
  profileId: ProfileId | null;
  profiles: Profile[];
  proxy: Proxy;
  /** The address that the environment's variables name, without its password; null where they name none. */
  environmentProxy: string | null;
  monthlyCap: Micros | null;
  prices: PriceRow[];
  library: { folder: string; images: number; bytes: number };
}

/** What a key check found. It asks for the list of models, which costs nothing. */
export interface ProfileCheck {
  models: string[];
  /** How long the answer took, in milliseconds. */
  tookMs: number;
}

// ---------------------------------------------------------------- host

/** What the shell around the studio can do. The renderer asks for abilities and never for which host it is on. */
export interface HostInfo {
  version: string;
  /**
   * Put before `/original/<image>`, `/preview/<image>`, `/thumbnail/<image>`, `/partial/<generation>/<index>`, `/input/<sha256>`,
   * `/input-thumbnail/<sha256>` or `/heat/<image>`. Previews and thumbnails show what a strict mask made; with the first 16 digits of its
   * hash behind the image, the address may be remembered.
   */
  imageBase: string;
  capabilities: {
    /** Can show a file in the system's file manager. */
    revealInFolder: boolean;
    /** Can let the person pick another library folder (takes effect at the next start). */
    chooseFolder: boolean;
    /** Keys survive the end of the program, encrypted by the system. */
    keepKeys: boolean;
  };
  /** Why keys are not kept, as a sentence, or null. */
  keysNote: string | null;
  /** The system, for the names of keys (⌘ or Ctrl) and the place of window controls. */
  platform: 'mac' | 'windows' | 'linux' | 'browser';
}

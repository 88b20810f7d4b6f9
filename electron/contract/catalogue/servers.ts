import * as v from 'valibot';
import { findModel, type Model } from './models.ts';
import type { Operation, ParameterName } from './parameters.ts';

/** Kinds of servers that are known to differ from OpenAI's API, including Azure's two routes. `compatible`: no known difference. */
export const SERVER_KINDS = [
  'openai',
  'azure-v1',
  'azure-deployments',
  'stable-diffusion-cpp',
  'litellm',
  'vllm-omni',
  'localai',
  'relay',
  'compatible',
] as const;
export type ServerKind = (typeof SERVER_KINDS)[number];

/** The form field of input images. `counted`: `image` for one and `image[]` for several, as in OpenAI's official client. */
export const IMAGE_FIELDS = ['counted', 'image', 'image[]'] as const;
export type ImageField = (typeof IMAGE_FIELDS)[number];

/** The person's corrections of what is known or was probed about a server; missing fields correct nothing. */
export const OverridesSchema = v.strictObject({
  create: v.optional(v.boolean()),
  edit: v.optional(v.boolean()),
  variation: v.optional(v.boolean()),
  streaming: v.optional(v.boolean()),
  imageField: v.optional(v.picklist(IMAGE_FIELDS)),
});
export type Overrides = v.InferOutput<typeof OverridesSchema>;
export type Ability = keyof Overrides;

/**
 * Where a server says how to ask for the result of a task that it made instead of an image: a header or a field of its answer, or a path
 * below the base URL, with the task's id for `{id}`.
 */
export type TaskAddress =
  { from: 'header'; name: string } | { from: 'field'; path: string } | { from: 'path'; path: string };

/** How one kind of server differs from OpenAI's API. Second-hand facts, as data; read by `images-api/request.ts` and the form. */
export interface Dialect {
  kind: ServerKind;
  /** Label in lists. */
  name: string;
  auth: 'bearer' | 'api-key';
  paths: 'standard' | 'azure-deployments';
  imageField: ImageField;
  maskField: 'mask' | 'mask_image';
  operations: readonly Operation[];
  streaming: boolean;
  /** Tried in this order for an answer that is a task; an address on another server is never asked. Empty: tasks are shown only. */
  tasks: readonly TaskAddress[];
  /** Parameters that are never sent to this server, each with the reason shown in the form. */
  never: Readonly<Partial<Record<ParameterName, string>>>;
  /** Hints for the person, as sentences. */
  notes: readonly string[];
}

/** A server as requests and the form use it: its dialect, corrected by a probe's findings and then by the person's overrides. */
export interface Server extends Omit<Dialect, 'kind' | 'name' | 'notes'> {
  kind: ServerKind;
}

/** A probe's result for one question. `unknown`: it can't be determined without spending, or the response proves nothing. */
const FINDINGS = ['yes', 'no', 'unknown'] as const;
export type Finding = (typeof FINDINGS)[number];

export const ProbeReportSchema = v.strictObject({
  version: v.literal(1),
  /** Milliseconds since 1970. */
  at: v.number(),
  /** Whether the probe created an image, which may have been billed. */
  spent: v.boolean(),
  /** Model names listed by the server; null if it lists none. */
  models: v.nullable(v.array(v.string())),
  /** In the order of the checks. */
  lines: v.array(
    v.strictObject({
      ability: v.picklist(['models', 'create', 'edit', 'variation', 'streaming', 'imageField', 'usage', 'requestId']),
      finding: v.picklist(FINDINGS),
      /** For `imageField`: its value. */
      value: v.optional(v.picklist(IMAGE_FIELDS)),
      /** The evidence, as a short sentence; includes the server's message if it has one. */
      why: v.string(),
      tookMs: v.number(),
      /** The server may have made and billed an image during this check, so the test stopped. */
      stopped: v.optional(v.boolean()),
    }),
  ),
});
export type ProbeReport = v.InferOutput<typeof ProbeReportSchema>;
export type ProbeResult = ProbeReport['lines'][number];

/** What servers themselves name: RFC 9110 (202 with Location), Azure, Replicate, fal, Black Forest Labs. */
const NAMED_TASKS: readonly TaskAddress[] = [
  { from: 'header', name: 'operation-location' },
  { from: 'header', name: 'location' },
  { from: 'field', path: 'urls.get' },
  { from: 'field', path: 'status_url' },
  { from: 'field', path: 'polling_url' },
  { from: 'field', path: 'task_url' },
  { from: 'field', path: 'links.self' },
];
/** New API and other relays. */
const RELAY_TASKS: readonly TaskAddress[] = [...NAMED_TASKS, { from: 'path', path: 'tasks/{id}' }];

const ALL_OPERATIONS: readonly Operation[] = ['create', 'edit', 'variation'];
const STANDARD: Omit<Dialect, 'kind' | 'name'> = {
  auth: 'bearer',
  paths: 'standard',
  imageField: 'counted',
  maskField: 'mask',
  operations: ALL_OPERATIONS,
  streaming: true,
  tasks: NAMED_TASKS,
  never: {},
  notes: [],
};

const CREATE_AND_EDIT: readonly Operation[] = ['create', 'edit'];
const AZURE: Omit<Dialect, 'kind' | 'name'> = { ...STANDARD, auth: 'api-key', operations: CREATE_AND_EDIT };

/**
 * One row per kind of server. Second-hand facts of November 2026 unless noted. A server's behaviour can differ by release, so a probe's
 * findings and the person's overrides take precedence.
 */
export const DIALECTS: Readonly<Record<ServerKind, Dialect>> = {
  /** OpenAI has retired variations [`resources/images.d.ts` of `openai` 7.57.0]. */
  openai: { ...STANDARD, kind: 'openai', name: 'OpenAI', operations: CREATE_AND_EDIT, tasks: [] },
  'azure-v1': {
    ...AZURE,
    kind: 'azure-v1',
    name: 'Azure OpenAI, v1',
    notes: ['Azure addresses a model by its deployment’s name. List deployments below where the names differ.'],
  },
  'azure-deployments': {
    ...AZURE,
    kind: 'azure-deployments',
    name: 'Azure OpenAI, deployments',
    paths: 'azure-deployments',
    notes: [
      'Each model is addressed through its deployment. List deployments below where the names differ.',
      'An old API version answers 404 to newer features.',
    ],
  },
  /** Source: `examples/server/routes_openai.cpp`, which reads prompt, n, size, format and compression. */
  'stable-diffusion-cpp': {
    ...STANDARD,
    kind: 'stable-diffusion-cpp',
    name: 'stable-diffusion.cpp',
    imageField: 'image[]',
    operations: CREATE_AND_EDIT,
    streaming: false,
    never: {
      stream: 'stable-diffusion.cpp doesn’t stream',
      partial_images: 'stable-diffusion.cpp doesn’t stream',
      quality: 'stable-diffusion.cpp has no quality setting',
      response_format: 'stable-diffusion.cpp always returns base64',
      background: 'ignored by stable-diffusion.cpp',
      moderation: 'ignored by stable-diffusion.cpp',
      complexity: 'ignored by stable-diffusion.cpp',
      input_fidelity: 'ignored by stable-diffusion.cpp',
      style: 'ignored by stable-diffusion.cpp',
    },
    notes: [
      'It always uses the model it was started with.',
      'It reads a mask as greyscale: white is edited, black is kept. Masks from Emulsion work either way.',
      'It doesn’t report tokens, so costs are unknown unless you mark the server as free.',
    ],
  },
  litellm: {
    ...STANDARD,
    kind: 'litellm',
    name: 'LiteLLM',
    streaming: false,
    never: {
      stream: 'LiteLLM can’t stream images',
      partial_images: 'LiteLLM can’t stream images',
    },
    notes: ['It refuses a list of one image, so a single image is sent as “image” and several as “image[]”.'],
  },
  'vllm-omni': {
    ...STANDARD,
    kind: 'vllm-omni',
    name: 'vLLM-Omni',
    maskField: 'mask_image',
    operations: CREATE_AND_EDIT,
    notes: [
      'It always uses the model it was started with.',
      'A mask is sent as “mask_image” and read as greyscale: white is edited, black is kept. Masks from Emulsion work either way.',
    ],
  },
  localai: {
    ...STANDARD,
    kind: 'localai',
    name: 'LocalAI',
    notes: [
      'It may return a different size than requested. Each image shows its real size.',
      'Its own parameters, mode and step, aren’t part of the Images API. Set them in its model files.',
    ],
  },
  relay: {
    ...STANDARD,
    kind: 'relay',
    name: 'Relay or proxy',
    tasks: RELAY_TASKS,
    notes: [
      'Relays may return a different size than requested, or a URL instead of an image. Emulsion downloads it at once.',
      'Many relays end a request after 60 to 120 seconds, even though the image is generated and billed. Lower quality and streaming help.',
    ],
  },
  compatible: { ...STANDARD, kind: 'compatible', name: 'Another compatible server' },
};

/** Default `api-version` of Azure's deployments route: the first that supports edits with GPT Image models. */
export const AZURE_API_VERSION = '2025-04-01-preview';

/** Guesses the kind of a server from its base URL; `compatible` if the URL isn't recognized or can't be parsed. */
export function guessServer(baseUrl: string): ServerKind {
  // A regular expression, because `URL` needs Node or DOM types. The host name ends at a port, a path or the end.
  const [, host = '', path = ''] = /^https?:\/\/([^/:?#@]+)(?::\d+)?(\/[^?#]*)?$/iu.exec(baseUrl.trim()) ?? [];
  const name = host.toLowerCase();
  if (name === 'api.openai.com' || /^[a-z]{2}\.api\.openai\.com$/u.test(name)) return 'openai';
  if (/\.(openai|cognitiveservices|services\.ai)\.azure\.com$/u.test(name))
    return /\/openai\/v1\/*$/iu.test(path) ? 'azure-v1' : 'azure-deployments';
  return 'compatible';
}

/** Returns the server of a profile: its kind's dialect, then the probe's findings, then the person's overrides. */
export function resolveServer(profile: {
  server: ServerKind;
  found: ProbeReport | null;
  overrides: Overrides;
}): Server {
  const { auth, paths, imageField, maskField, operations, streaming, tasks, never, kind } = DIALECTS[profile.server];
  const resolveAbility = (ability: Exclude<Ability, 'imageField'>, known: boolean): boolean => {
    const finding = profile.found?.lines.find((line) => line.ability === ability)?.finding;
    return profile.overrides[ability] ?? (finding === 'yes' ? true : finding === 'no' ? false : known);
  };
  const found = profile.found?.lines.find((line) => line.ability === 'imageField' && line.finding === 'yes')?.value;
  return {
    kind,
    auth,
    paths,
    maskField,
    tasks,
    never: resolveAbility('streaming', streaming) ? withStreamingAllowed(never) : never,
    imageField: profile.overrides.imageField ?? found ?? imageField,
    operations: ALL_OPERATIONS.filter((operation) => resolveAbility(operation, operations.includes(operation))),
    streaming: resolveAbility('streaming', streaming),
  };
}

/** Removes the restrictions on streaming once streaming is known to work. */
function withStreamingAllowed(never: Dialect['never']): Dialect['never'] {
  const entries = Object.entries(never).filter(([field]) => field !== 'stream' && field !== 'partial_images');
  return Object.fromEntries(entries);
}

/** A server that does all that the contract says: what is assumed where nothing is known. */
export const STANDARD_SERVER: Server = resolveServer({ server: 'compatible', found: null, overrides: {} });

/** What a model can do on a server: the catalogue's entry without what the server lacks. */
export function modelOnServer(name: string, server: Server): Model {
  const model = findModel(name);
  const operations = ALL_OPERATIONS.filter(
    (operation) => server.operations.includes(operation) && model.operations.includes(operation),
  );
  const streaming = model.streaming && server.streaming;
  return { ...model, operations, streaming, maxPartials: streaming ? model.maxPartials : 0 };
}

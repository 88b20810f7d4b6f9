import * as v from 'valibot';
import { findModel, type Model } from './models.ts';
import type { Operation, ParameterName } from './parameters.ts';

/** Servers that are known to deviate from the contract, and the two ways to Azure. `compatible`: as the contract says. */
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

/** The field that carries images. `counted`: `image` for one and `image[]` for several, as the official client does. */
export const IMAGE_FIELDS = ['counted', 'image', 'image[]'] as const;
export type ImageField = (typeof IMAGE_FIELDS)[number];

/** What a person says of a server against what is known or was found; what is left out is not said. */
export const OverridesSchema = v.strictObject({
  create: v.optional(v.boolean()),
  edit: v.optional(v.boolean()),
  variation: v.optional(v.boolean()),
  streaming: v.optional(v.boolean()),
  imageField: v.optional(v.picklist(IMAGE_FIELDS)),
});
export type Overrides = v.InferOutput<typeof OverridesSchema>;
export type Ability = keyof Overrides;

/** How one kind of server differs from the contract. Second-hand facts, as data; `images-api/request.ts` and the form read them. */
export interface Dialect {
  kind: ServerKind;
  /** For a list. */
  name: string;
  auth: 'bearer' | 'api-key';
  paths: 'standard' | 'azure-deployments';
  imageField: ImageField;
  maskField: 'mask' | 'mask_image';
  operations: readonly Operation[];
  streaming: boolean;
  /** Parameters that are never sent there, each with the reason that the form shows. */
  never: Readonly<Partial<Record<ParameterName, string>>>;
  /** What a person should know, as sentences. */
  notes: readonly string[];
}

/** A server as requests and the form see it: its dialect, corrected by what a probe found and then by what the person says. */
export interface Server extends Omit<Dialect, 'kind' | 'name' | 'notes'> {
  kind: ServerKind;
}

/** The answer of a probe to one question. `unknown`: it could not be told without spending, or the server's answer proves nothing. */
const FINDINGS = ['yes', 'no', 'unknown'] as const;
export type Finding = (typeof FINDINGS)[number];

export const ProbeReportSchema = v.strictObject({
  version: v.literal(1),
  /** Milliseconds since 1970. */
  at: v.number(),
  /** Whether an image was made, and billed, to learn it. */
  spent: v.boolean(),
  /** The names that the server lists; null where it lists none. */
  models: v.nullable(v.array(v.string())),
  /** In the order in which it was learnt. */
  lines: v.array(
    v.strictObject({
      ability: v.picklist(['models', 'create', 'edit', 'variation', 'streaming', 'imageField', 'usage', 'requestId']),
      finding: v.picklist(FINDINGS),
      /** For `imageField`: which. */
      value: v.optional(v.picklist(IMAGE_FIELDS)),
      /** Why it is believed, as a short sentence with the server's own words where it has some. */
      why: v.string(),
      tookMs: v.number(),
      /** The server may have made and billed an image here, so the test stopped. */
      stopped: v.optional(v.boolean()),
    }),
  ),
});
export type ProbeReport = v.InferOutput<typeof ProbeReportSchema>;
export type ProbeResult = ProbeReport['lines'][number];

const ALL_OPERATIONS: readonly Operation[] = ['create', 'edit', 'variation'];
const STANDARD: Omit<Dialect, 'kind' | 'name'> = {
  auth: 'bearer',
  paths: 'standard',
  imageField: 'counted',
  maskField: 'mask',
  operations: ALL_OPERATIONS,
  streaming: true,
  never: {},
  notes: [],
};

const CREATE_AND_EDIT: readonly Operation[] = ['create', 'edit'];
const AZURE: Omit<Dialect, 'kind' | 'name'> = { ...STANDARD, auth: 'api-key', operations: CREATE_AND_EDIT };

/**
 * One row for each kind of server. Second-hand facts of November 2026 unless said otherwise; what a server really does may differ with its
 * release, and then a probe or the person has the last word.
 */
export const DIALECTS: Readonly<Record<ServerKind, Dialect>> = {
  /** Variations are retired there [`resources/images.d.ts` of `openai` 7.57.0]. */
  openai: { ...STANDARD, kind: 'openai', name: 'OpenAI', operations: CREATE_AND_EDIT },
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
  /** From the source of its server, `examples/server/routes_openai.cpp`: it reads prompt, n, size, format and compression. */
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
    notes: [
      'Relays may return a different size than requested, or a URL instead of an image. Emulsion downloads it at once.',
      'Many relays end a request after 60 to 120 seconds, even though the image is generated and billed. Lower quality and streaming help.',
    ],
  },
  compatible: { ...STANDARD, kind: 'compatible', name: 'Another compatible server' },
};

/** The api-version of Azure's deployments route that is filled in where nobody has named one: the first that edits images with GPT Image. */
export const AZURE_API_VERSION = '2025-04-01-preview';

/** The kind of a server, as far as its address tells; what cannot be read counts as compatible. */
export function guessServer(baseUrl: string): ServerKind {
  // A pattern, since there is no URL class without Node or a browser. The name ends at a port, a path or the end.
  const [, host = '', path = ''] = /^https?:\/\/([^/:?#@]+)(?::\d+)?(\/[^?#]*)?$/iu.exec(baseUrl.trim()) ?? [];
  const name = host.toLowerCase();
  if (name === 'api.openai.com' || /^[a-z]{2}\.api\.openai\.com$/u.test(name)) return 'openai';
  if (/\.(openai|cognitiveservices|services\.ai)\.azure\.com$/u.test(name))
    return /\/openai\/v1\/*$/iu.test(path) ? 'azure-v1' : 'azure-deployments';
  return 'compatible';
}

/** The server of a profile: what is known of its kind, then what the probe found, then what the person says. */
export function resolveServer(profile: {
  server: ServerKind;
  found: ProbeReport | null;
  overrides: Overrides;
}): Server {
  const { auth, paths, imageField, maskField, operations, streaming, never, kind } = DIALECTS[profile.server];
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
    never: resolveAbility('streaming', streaming) ? withStreamingAllowed(never) : never,
    imageField: profile.overrides.imageField ?? found ?? imageField,
    operations: ALL_OPERATIONS.filter((operation) => resolveAbility(operation, operations.includes(operation))),
    streaming: resolveAbility('streaming', streaming),
  };
}

/** Where it is known by now that a server streams, what was said against streaming does not hold any more. */
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

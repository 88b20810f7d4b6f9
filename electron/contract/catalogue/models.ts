import { tokenPrices, type Prices } from './prices.ts';
import type { Background, Operation, OutputFormat, Quality } from './parameters.ts';

/** The sizes a model supports, in pixels. */
export type SizeRule =
  | { kind: 'list'; sizes: readonly string[] }
  | {
      kind: 'free';
      /** Offered in the form; any other size within the limits is valid too. */
      presets: readonly string[];
      multipleOf: number;
      maxRatio: number;
      maxEdge: number;
      minPixels: number;
      maxPixels: number;
    };

/** Limits of animated GIFs. Source: `resources/images.d.ts` of `openai` 7.57.0; `maxPixels` is second-hand. */
export interface GifRule {
  frames: { min: number; max: number; initial: number };
  /** Display time of one frame, ms. */
  durationMs: { min: number; max: number; initial: number };
  /** Sum over all frames of one GIF. */
  maxPixels: number;
}

/** Limits of an operation's input images. */
export interface InputRule {
  max: number;
  formats: readonly OutputFormat[];
  /** Exclusive upper limit of the file size, bytes. */
  below: number;
  square: boolean;
}

/** What a model supports. The only source for the form, the validation in dispatch, the demo server and the estimate. */
interface ModelCapabilities {
  operations: readonly Operation[];
  sizes: SizeRule;
  qualities: readonly Quality[];
  formats: readonly OutputFormat[];
  backgrounds: readonly Background[];
  /** Maximum images per request. */
  maxN: number;
  /** Maximum prompt length in UTF-16 code units, the unit that the API's official clients use. */
  maxPrompt: number;
  streaming: boolean;
  /** Maximum partial images per image; 0 if the model doesn't stream. */
  maxPartials: number;
  /** Supports `moderation`, `safety_identifier` and the other parameters introduced with the GPT image models. */
  moderation: boolean;
  complexity: boolean;
  fidelity: readonly ('high' | 'low')[];
  style: boolean;
  /** Supports `response_format`. GPT image models reject it and always return base64. */
  responseFormat: boolean;
  gif: GifRule | null;
  svg: boolean;
  /** Limits of an edit's images; null if the model doesn't support edits. */
  inputs: InputRule | null;
  /** Exclusive upper limit of the mask file (a PNG of the first image's size), bytes; null if masks aren't supported. */
  maskByteLimit: number | null;
  markup: boolean;
  /** Output tokens of one 1024 × 1024 image by quality, [min, max]; null if the model isn't billed by tokens. */
  outputTokens: Readonly<Partial<Record<Quality, readonly [min: number, max: number]>>> | null;
}

export interface Model extends ModelCapabilities {
  name: string;
  /** False for a model outside the table: everything is offered, and the server decides. */
  known: boolean;
  /** ISO date; null if unknown. */
  released: string | null;
  /** ISO date of the shutdown at OpenAI, past or future. Compatible servers may keep serving the model. */
  shutdown: string | null;
  /** The suggested replacement after the shutdown. */
  successor: string | null;
  prices: Prices | null;
}

/** ISO date of the facts below: models and parameters from `openai` 7.57.0, dates and prices second-hand. */
export const CATALOGUE_DATE = '2026-11-22';

/** Maximum prompt length over all models, in UTF-16 code units. */
export const MAX_PROMPT_LENGTH = 32_000;
/** Maximum images per job. */
export const MAX_IMAGES_PER_JOB = 10;
/** Maximum partial images per image. */
export const MAX_PARTIAL_IMAGES = 3;
/** Maximum images of an edit, not counting mask and markup. */
const MAX_INPUT_IMAGES = 16;

const FREE_SIZES: SizeRule = {
  kind: 'free',
  presets: [
    'auto',
    '1024x1024',
    '1536x1024',
    '1024x1536',
    '2048x2048',
    '2560x1440',
    '1440x2560',
    '3840x2160',
    '2160x3840',
  ],
  multipleOf: 16,
  maxRatio: 3,
  maxEdge: 3840,
  minPixels: 655_360,
  maxPixels: 8_294_400,
};

const MEGABYTE = 1024 * 1024;
const IMAGES: readonly OutputFormat[] = ['png', 'jpeg', 'webp'];
/** Limits of a variation's image; they belong to the endpoint and are the same for every model. */
export const VARIATION_INPUT: InputRule = { max: 1, formats: ['png'], below: 4 * MEGABYTE, square: true };

/** The API's limits for GIF, the same for every model. */
export const GIF: GifRule = {
  frames: { min: 2, max: 16, initial: 9 },
  durationMs: { min: 10, max: 655_350, initial: 200 },
  maxPixels: 8_294_400,
};

/** From OpenAI's guide, for gpt-image-1. */
const PUBLISHED_TOKENS = { low: [272, 272], medium: [1056, 1056], high: [4160, 4160] } as const;
/** Not published for later models: the counts above with a margin, used until the person's own history is available. */
const ASSUMED_TOKENS = {
  low: [204, 408],
  medium: [792, 1584],
  high: [3120, 6240],
  xhigh: [4160, 9360],
  max: [4160, 12_480],
} as const;

const GPT_IMAGE_1: ModelCapabilities = {
  operations: ['create', 'edit'],
  sizes: { kind: 'list', sizes: ['auto', '1024x1024', '1536x1024', '1024x1536'] },
  qualities: ['auto', 'low', 'medium', 'high'],
  formats: ['png', 'jpeg', 'webp'],
  backgrounds: ['auto', 'opaque', 'transparent'],
  maxN: MAX_IMAGES_PER_JOB,
  maxPrompt: MAX_PROMPT_LENGTH,
  streaming: true,
  maxPartials: MAX_PARTIAL_IMAGES,
  moderation: true,
  complexity: false,
  fidelity: ['high', 'low'],
  style: false,
  responseFormat: false,
  gif: null,
  svg: false,
  inputs: { max: MAX_INPUT_IMAGES, formats: IMAGES, below: 50 * MEGABYTE, square: false },
  maskByteLimit: 4 * MEGABYTE,
  markup: false,
  outputTokens: PUBLISHED_TOKENS,
};
/** Since 30 September 2026 gpt-image-2 rejects a transparent background (second-hand). */
const GPT_IMAGE_2: ModelCapabilities = {
  ...GPT_IMAGE_1,
  sizes: FREE_SIZES,
  backgrounds: ['auto', 'opaque'],
  fidelity: [],
  outputTokens: ASSUMED_TOKENS,
};
const GPT_IMAGE_2_5: ModelCapabilities = {
  ...GPT_IMAGE_2,
  qualities: ['auto', 'low', 'medium', 'high', 'xhigh', 'max'],
  backgrounds: ['auto', 'opaque', 'transparent'],
  formats: ['png', 'jpeg', 'webp', 'gif', 'svg'],
  complexity: true,
  gif: GIF,
  svg: true,
  markup: true,
};
const DALL_E_2: ModelCapabilities = {
  operations: ['create', 'edit', 'variation'],
  sizes: { kind: 'list', sizes: ['1024x1024', '512x512', '256x256'] },
  qualities: ['standard'],
  formats: ['png'],
  backgrounds: [],
  maxN: MAX_IMAGES_PER_JOB,
  maxPrompt: 1000,
  streaming: false,
  maxPartials: 0,
  moderation: false,
  complexity: false,
  fidelity: [],
  style: false,
  responseFormat: true,
  gif: null,
  svg: false,
  inputs: { max: 1, formats: ['png'], below: 4 * MEGABYTE, square: true },
  maskByteLimit: 4 * MEGABYTE,
  markup: false,
  outputTokens: null,
};
const DALL_E_3: ModelCapabilities = {
  ...DALL_E_2,
  operations: ['create'],
  sizes: { kind: 'list', sizes: ['1024x1024', '1792x1024', '1024x1792'] },
  qualities: ['standard', 'hd'],
  maxN: 1,
  maxPrompt: 4000,
  style: true,
  inputs: null,
  maskByteLimit: null,
};

/** Assumed for a model outside the table: everything is offered, and the server decides. */
const UNKNOWN: ModelCapabilities = {
  ...GPT_IMAGE_2_5,
  operations: ['create', 'edit', 'variation'],
  sizes: { ...FREE_SIZES, multipleOf: 1, maxRatio: Infinity, minPixels: 1, maxPixels: Infinity, maxEdge: 16_384 },
  qualities: ['auto', 'low', 'medium', 'high', 'xhigh', 'max', 'standard', 'hd'],
  fidelity: ['high', 'low'],
  style: true,
  responseFormat: true,
  outputTokens: null,
};

/** Second-hand, as of {@link CATALOGUE_DATE}. */
const CURRENT_PRICES: Prices = tokenPrices({ textIn: 5, textCached: 1.25, imageIn: 8, imageCached: 2, imageOut: 30 });

function modelEntry(name: string, capabilities: ModelCapabilities, more: Partial<Model> = {}): Model {
  return {
    name,
    ...capabilities,
    known: true,
    released: null,
    shutdown: null,
    successor: null,
    prices: CURRENT_PRICES,
    ...more,
  };
}

/** Newest first, the order in the form. */
export const MODELS: readonly Model[] = [
  modelEntry('gpt-image-2.6-sunburst', GPT_IMAGE_2_5, { released: '2026-11-04' }),
  modelEntry('gpt-image-2.6-flare', GPT_IMAGE_2_5, { released: '2026-11-04' }),
  modelEntry('gpt-image-2.5-sunburst', GPT_IMAGE_2_5),
  modelEntry('gpt-image-2.5-sunburst-2026-09-08', GPT_IMAGE_2_5),
  modelEntry('gpt-image-2.5-flare', GPT_IMAGE_2_5),
  modelEntry('gpt-image-2.5-flare-2026-09-08', GPT_IMAGE_2_5),
  modelEntry('gpt-image-2', GPT_IMAGE_2),
  modelEntry('gpt-image-2-2026-04-21', GPT_IMAGE_2),
  modelEntry('gpt-image-1.5', GPT_IMAGE_1, {
    shutdown: '2026-12-01',
    successor: 'gpt-image-2.6-sunburst',
    prices: tokenPrices({ textIn: 5, imageIn: 8, imageOut: 32 }),
  }),
  modelEntry(
    'gpt-image-1-mini',
    { ...GPT_IMAGE_1, fidelity: ['low'] },
    {
      shutdown: '2026-12-01',
      successor: 'gpt-image-2.6-flare',
      prices: tokenPrices({ textIn: 2, imageIn: 2.5, imageOut: 8 }),
    },
  ),
  modelEntry('chatgpt-image-latest', GPT_IMAGE_1, {
    shutdown: '2026-12-01',
    successor: 'gpt-image-2.6-sunburst',
    prices: null,
  }),
  modelEntry('gpt-image-1', GPT_IMAGE_1, { shutdown: '2026-10-23', successor: 'gpt-image-2.6-sunburst', prices: null }),
  modelEntry('dall-e-3', DALL_E_3, { shutdown: '2026-05-12', successor: 'gpt-image-2.6-sunburst', prices: null }),
  modelEntry('dall-e-2', DALL_E_2, { shutdown: '2026-05-12', successor: 'gpt-image-2.6-flare', prices: null }),
];

export const DEFAULT_MODEL = 'gpt-image-2.6-sunburst';

/** Returns the model's entry, or, for a name outside the table, an entry with `known: false` that allows everything. */
export function findModel(name: string): Model {
  return MODELS.find((model) => model.name === name) ?? modelEntry(name, UNKNOWN, { known: false, prices: null });
}

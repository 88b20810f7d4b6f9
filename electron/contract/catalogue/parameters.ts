import * as v from 'valibot';

/**
 * The parameters of the three operations under their API names, which forms, records, sidecars and requests share. Source:
 * `resources/images.d.ts` of the npm package `openai` 7.57.0; a test compares these types with it. These schemas check types only;
 * `rules/parameter-rules.ts` checks values against a model.
 */
export const OPERATIONS = ['create', 'edit', 'variation'] as const;
export type Operation = (typeof OPERATIONS)[number];

export const BACKGROUNDS = ['auto', 'opaque', 'transparent'] as const;
export const COMPLEXITIES = ['low', 'medium', 'high'] as const;
export const FIDELITIES = ['high', 'low'] as const;
export const FORMATS = ['png', 'jpeg', 'webp', 'gif', 'svg'] as const;
export const MODERATIONS = ['auto', 'low'] as const;
export const QUALITIES = ['auto', 'low', 'medium', 'high', 'xhigh', 'max', 'standard', 'hd'] as const;
export const RESPONSE_FORMATS = ['url', 'b64_json'] as const;
export const STYLES = ['vivid', 'natural'] as const;
export const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

export type OutputFormat = (typeof FORMATS)[number];
export type Quality = (typeof QUALITIES)[number];
export type Background = (typeof BACKGROUNDS)[number];

const maybe = <S extends v.GenericSchema>(schema: S) => v.optional(v.nullable(schema));
const whole = v.pipe(v.number(), v.integer());

const shared = {
  model: maybe(v.pipe(v.string(), v.maxLength(256))),
  /** How many images: 1 to 10. */
  n: maybe(whole),
  response_format: maybe(v.picklist(RESPONSE_FORMATS)),
  /** `auto` or `WIDTHxHEIGHT` in pixels. */
  size: maybe(v.pipe(v.string(), v.maxLength(32))),
  /** Deprecated by the API in favour of `safety_identifier`. */
  user: v.optional(v.string()),
};

const createAndEdit = {
  prompt: v.string(),
  background: maybe(v.picklist(BACKGROUNDS)),
  complexity: maybe(v.picklist(COMPLEXITIES)),
  /** GIF only: 2 to 16 frames. */
  frame_count: maybe(whole),
  /** GIF only: milliseconds. */
  frame_duration_ms: maybe(whole),
  /** JPEG and WebP only: 0 to 100. */
  output_compression: maybe(whole),
  output_format: maybe(v.picklist(FORMATS)),
  /** Partial images while streaming: 0 to 3. */
  partial_images: maybe(whole),
  quality: maybe(v.picklist(QUALITIES)),
  safety_identifier: maybe(v.string()),
  stream: maybe(v.boolean()),
};

const reasoning = maybe(v.strictObject({ effort: maybe(v.picklist(EFFORTS)) }));

export const CreateParametersSchema = v.strictObject({
  ...shared,
  ...createAndEdit,
  moderation: maybe(v.picklist(MODERATIONS)),
  style: maybe(v.picklist(STYLES)),
  /** SVG only: the text model that writes the drawing, and its reasoning effort. */
  svg: maybe(v.strictObject({ model: v.string(), reasoning })),
});

/** Without `image`, `mask` and `markup`: files are sent as inputs. */
export const EditParametersSchema = v.strictObject({
  ...shared,
  ...createAndEdit,
  input_fidelity: maybe(v.picklist(FIDELITIES)),
  svg: maybe(v.strictObject({ model: v.optional(v.string()), reasoning })),
});

/** Without `image`: files are sent as inputs. */
export const VariationParametersSchema = v.strictObject(shared);

export type CreateParameters = v.InferOutput<typeof CreateParametersSchema>;
export type EditParameters = v.InferOutput<typeof EditParametersSchema>;
export type VariationParameters = v.InferOutput<typeof VariationParametersSchema>;
export type Parameters = CreateParameters | EditParameters | VariationParameters;

/** Parameter names of all operations. */
export type ParameterName = keyof CreateParameters | keyof EditParameters | keyof VariationParameters;

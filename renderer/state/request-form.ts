import * as v from 'valibot';
import { DEFAULT_MODEL, findModel } from '../../electron/contract/models.ts';
import {
  BACKGROUNDS,
  COMPLEXITIES,
  CreateParametersSchema,
  FORMATS,
  MODERATIONS,
  QUALITIES,
  type CreateParameters,
  type Parameters,
} from '../../electron/contract/parameters.ts';

const text = (fallback: string) => v.fallback(v.string(), fallback);
const whole = (fallback: number) => v.fallback(v.pipe(v.number(), v.integer()), fallback);

/**
 * What the Request form holds. `auto` means: the server decides. A value may be wrong for the model while it is being typed or
 * after the model was changed; nothing is corrected behind the person's back.
 */
const RequestFormSchema = v.object({
  prompt: text(''),
  model: text(DEFAULT_MODEL),
  /** `auto` or `WIDTHxHEIGHT`, as typed. */
  size: text('auto'),
  quality: v.fallback(v.picklist(QUALITIES), 'auto'),
  format: v.fallback(v.picklist(FORMATS), 'png'),
  background: v.fallback(v.picklist(BACKGROUNDS), 'auto'),
  /** 0 to 100, for JPEG and WebP. */
  compression: whole(100),
  count: whole(1),
  partials: whole(3),
  moderation: v.fallback(v.picklist(MODERATIONS), 'auto'),
  complexity: v.fallback(v.picklist(['auto', ...COMPLEXITIES]), 'auto'),
  /** Parameters without a control of their own that came with an earlier request. They are shown, sent, and can be removed. */
  extra: v.fallback(v.partial(CreateParametersSchema), {}),
});
/** See the schema. */
export type RequestForm = v.InferOutput<typeof RequestFormSchema>;

/** The form from anything that was stored; what is missing or of the wrong kind takes its default. */
export function readForm(stored: unknown): RequestForm {
  const source = typeof stored === 'object' && stored !== null ? stored : {};
  return v.parse(RequestFormSchema, source);
}

const OWN_CONTROLS = new Set<string>([
  'prompt',
  'model',
  'size',
  'quality',
  'output_format',
  'background',
  'output_compression',
  'n',
  'partial_images',
  'moderation',
  'complexity',
  'stream',
  'response_format',
]);

/** The form that asks for the same again. What a create request cannot carry (an edit's `input_fidelity`) is left out. */
export function formFromParameters(parameters: Parameters): RequestForm {
  const sent = parameters as Partial<CreateParameters>;
  const extra = Object.entries(sent).filter(
    ([name, value]) => value != null && !OWN_CONTROLS.has(name) && Object.hasOwn(CreateParametersSchema.entries, name),
  );
  const model = sent.model ?? DEFAULT_MODEL;
  return readForm({
    prompt: sent.prompt ?? '',
    model,
    size: sent.size ?? 'auto',
    quality: sent.quality ?? 'auto',
    format: sent.output_format ?? 'png',
    background: sent.background ?? 'auto',
    compression: sent.output_compression ?? 100,
    count: sent.n ?? 1,
    partials: sent.partial_images ?? (findModel(model).streaming ? 0 : 3),
    moderation: sent.moderation ?? 'auto',
    complexity: sent.complexity ?? 'auto',
    extra: Object.fromEntries(extra),
  });
}

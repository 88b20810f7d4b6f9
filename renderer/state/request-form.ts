import * as v from 'valibot';
import { escapePromptTemplate, hasPromptVariables, parsePromptTemplate } from '../../electron/contract/rules/batch.ts';
import { CollectionIdSchema } from '../../electron/contract/entities/ids.ts';
import { InputSchema, type JobRequest } from '../../electron/contract/entities/requests.ts';
import { DEFAULT_MODEL, findModel, GIF, MAX_PARTIAL_IMAGES } from '../../electron/contract/catalogue/models.ts';
import {
  BACKGROUNDS,
  COMPLEXITIES,
  EFFORTS,
  FIDELITIES,
  FORMATS,
  MODERATIONS,
  QUALITIES,
  RESPONSE_FORMATS,
  STYLES,
  type CreateParameters,
  type EditParameters,
  type Parameters,
} from '../../electron/contract/catalogue/parameters.ts';
import { MAX_FEATHER, DEFAULT_FEATHER } from '../../electron/contract/entities/strict-mask.ts';
import { API_DEFAULT_MODEL } from '../../electron/contract/rules/parameter-rules.ts';

/** What is asked of an edit that stands for a variation, until the person writes something else. */
export const VARIATION_PROMPT =
  'Make a variation of this image: the same subject, style, palette and light, with a new composition.';

const text = (fallback: string) => v.fallback(v.string(), fallback);
const whole = (fallback: number) => v.fallback(v.pipe(v.number(), v.integer()), fallback);
const flag = (fallback: boolean) => v.fallback(v.boolean(), fallback);
/** One of several, or `auto`, which is not sent. */
const orAuto = <const T extends readonly string[]>(values: T) =>
  v.fallback(v.picklist(['auto', ...values] as const), 'auto');

/**
 * What the Request form holds: every parameter of every operation, whichever of them the present model takes. `auto` means: the server
 * decides. What a model does not take stays here and comes back with one that does; nothing is corrected behind the person's back.
 */
const RequestFormSchema = v.object({
  /** A template: `{a|b}` makes a batch. */
  prompt: text(''),
  model: text(DEFAULT_MODEL),
  /** `auto` or `WIDTHxHEIGHT`, as typed. */
  size: text('auto'),
  /** The model for which the size was chosen: elsewhere one that is not taken is put aside, here it is a fault to mend. */
  sizeFor: text(DEFAULT_MODEL),
  quality: v.fallback(v.picklist(QUALITIES), 'auto'),
  format: v.fallback(v.picklist(FORMATS), 'png'),
  background: v.fallback(v.picklist(BACKGROUNDS), 'auto'),
  /** 0 to 100, for JPEG and WebP. */
  compression: whole(100),
  count: whole(1),
  stream: flag(true),
  partials: whole(MAX_PARTIAL_IMAGES),
  moderation: v.fallback(v.picklist(MODERATIONS), 'auto'),
  complexity: orAuto(COMPLEXITIES),
  fidelity: orAuto(FIDELITIES),
  style: orAuto(STYLES),
  response: orAuto(RESPONSE_FORMATS),
  frames: whole(GIF.frames.initial),
  /** Milliseconds. */
  frameTime: whole(GIF.durationMs.initial),
  /** Empty: the server's choice. */
  svgModel: text(''),
  svgEffort: orAuto(EFFORTS),
  safetyId: text(''),
  user: text(''),
  collectionId: v.fallback(v.nullable(CollectionIdSchema), null),
  /** The tray's images, in order, then its mask or markup. */
  inputs: v.fallback(v.array(InputSchema), []),
  /** What each input is there for, by its SHA-256; they go out with the prompt. */
  notes: v.fallback(v.record(v.string(), v.string()), {}),
  /** The person asked for a variation of the first input. */
  varying: flag(false),
  /** With a mask: the answer is laid over the first input, so that nothing outside the mask changes. */
  strict: flag(true),
  /** Of the strict mask, in pixels of the first input. */
  feather: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_FEATHER)), DEFAULT_FEATHER),
  /** What is asked where the server has no endpoint for variations. */
  variationPrompt: text(VARIATION_PROMPT),
  /** Beside the model and the quality above, for a batch. */
  moreModels: v.fallback(v.array(v.string()), []),
  moreQualities: v.fallback(v.array(v.picklist(QUALITIES)), []),
});
/** See the schema. */
export type RequestForm = v.InferOutput<typeof RequestFormSchema>;

/** A form that is being written, wherever it is kept. */
export interface RequestDraft {
  form: RequestForm;
  /** Which inputs the form and the tray agreed on last, by the tray's own words; null before they did. Nothing draws it. */
  syncedInputs: string | null;
}

/** The form from anything that was stored; what is missing or of the wrong kind takes its default. */
export function readForm(stored: unknown): RequestForm {
  const source = typeof stored === 'object' && stored !== null ? stored : {};
  return v.parse(RequestFormSchema, source);
}

/** The form that asks for the same again, inputs and all. It may be changed before it is sent, so that it repeats no image any more. */
export function formFromRequest(request: JobRequest): RequestForm {
  const asEdit = request.operation === 'edit' && request.variation === true;
  const form = formFromParameters(request.parameters);
  return readForm({
    ...form,
    prompt: asEdit ? '' : form.prompt,
    variationPrompt: asEdit ? form.prompt : form.variationPrompt,
    varying: asEdit || request.operation === 'variation',
    inputs: request.operation === 'create' ? [] : request.inputs,
    ...strictOf(request),
    collectionId: request.collectionId ?? null,
  });
}

/** Only where a mask went out is it a choice that there was none. */
function strictOf(request: JobRequest): Partial<Pick<RequestForm, 'strict' | 'feather'>> {
  if (request.operation !== 'edit' || !request.inputs.some(({ role }) => role === 'mask')) return {};
  return request.strict ? { strict: true, feather: request.strict.feather } : { strict: false };
}

/** The form that sends these parameters. */
function formFromParameters(parameters: Parameters): RequestForm {
  const sent = parameters as Partial<CreateParameters & EditParameters>;
  const model = sent.model ?? API_DEFAULT_MODEL;
  const streams = sent.stream ?? !findModel(model).streaming;
  return readForm({
    prompt: asTemplate(sent.prompt ?? ''),
    model,
    size: sent.size ?? 'auto',
    sizeFor: model,
    quality: sent.quality ?? 'auto',
    format: sent.output_format ?? 'png',
    background: sent.background ?? 'auto',
    compression: sent.output_compression ?? 100,
    count: sent.n ?? 1,
    stream: streams,
    partials: sent.partial_images ?? (sent.stream ? 0 : MAX_PARTIAL_IMAGES),
    moderation: sent.moderation ?? 'auto',
    complexity: sent.complexity ?? 'auto',
    fidelity: sent.input_fidelity ?? 'auto',
    style: sent.style ?? 'auto',
    response: sent.response_format ?? 'auto',
    frames: sent.frame_count ?? GIF.frames.initial,
    frameTime: sent.frame_duration_ms ?? GIF.durationMs.initial,
    svgModel: sent.svg?.model ?? '',
    svgEffort: sent.svg?.reasoning?.effort ?? 'auto',
    safetyId: sent.safety_identifier ?? '',
    user: sent.user ?? '',
  });
}

/** A prompt as the template that stands for it and for nothing else; most stand for themselves. */
function asTemplate(prompt: string): string {
  const plain = !hasPromptVariables(prompt) && parsePromptTemplate(prompt).join('') === prompt;
  return plain ? prompt : escapePromptTemplate(prompt);
}

import * as v from 'valibot';
import { escapePromptTemplate, hasPromptVariables, parsePromptTemplate } from '../../electron/contract/rules/batch.ts';
import { CollectionIdSchema } from '../../electron/contract/entities/ids.ts';
import { SavedPromptVersionSchema } from '../../electron/contract/entities/saved-prompts.ts';
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

/** Default prompt of a variation that is sent as an edit. */
export const VARIATION_PROMPT =
  'Make a variation of this image: the same subject, style, palette and light, with a new composition.';

const text = (fallback: string) => v.fallback(v.string(), fallback);
const whole = (fallback: number) => v.fallback(v.pipe(v.number(), v.integer()), fallback);
const flag = (fallback: boolean) => v.fallback(v.boolean(), fallback);
/** One of the values, or `auto`, which isn't sent. */
const orAuto = <const T extends readonly string[]>(values: T) =>
  v.fallback(v.picklist(['auto', ...values] as const), 'auto');

/**
 * The request form: every parameter of every operation, whether or not the current model supports it. `auto`: the server decides.
 * Values that the model doesn't support are kept for models that do.
 */
const RequestFormSchema = v.object({
  /** As typed. It is sent as it is unless `variables` is on. */
  prompt: text(''),
  /** `prompt` is a template: `{a|b}` makes a batch. */
  variables: flag(false),
  model: text(DEFAULT_MODEL),
  /** `auto` or `WIDTHxHEIGHT`, as typed. */
  size: text('auto'),
  /** The model the size was chosen for. An unsupported size is a problem with this model; with others it is replaced. */
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
  /** Empty: the server chooses. */
  svgModel: text(''),
  svgEffort: orAuto(EFFORTS),
  safetyId: text(''),
  user: text(''),
  collectionId: v.fallback(v.nullable(CollectionIdSchema), null),
  /** References in order, then the mask or markup. */
  inputs: v.fallback(v.array(InputSchema), []),
  /** The purpose of each input, by its SHA-256; sent with the prompt. */
  notes: v.fallback(v.record(v.string(), v.string()), {}),
  /** The person chose a variation. */
  varying: flag(false),
  /** With a mask: composite the response over the first input, so nothing outside the mask changes. */
  strict: flag(true),
  /** Blend width of the strict mask, in pixels of the first input. */
  feather: v.fallback(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_FEATHER)), DEFAULT_FEATHER),
  /** The prompt where the server has no variations endpoint. */
  variationPrompt: text(VARIATION_PROMPT),
  variationVariables: flag(false),
  /** For a batch, in addition to the model and quality above. */
  moreModels: v.fallback(v.array(v.string()), []),
  moreQualities: v.fallback(v.array(v.picklist(QUALITIES)), []),
  /** The version of a saved prompt that was inserted, and its text with the variables filled in. It counts while the prompt contains that text. */
  savedPrompt: v.fallback(v.nullable(v.object({ ...SavedPromptVersionSchema.entries, text: v.string() })), null),
});
export type RequestForm = v.InferOutput<typeof RequestFormSchema>;

/** A form being written: that of *Create* or of a canvas draft. */
export interface RequestDraft {
  form: RequestForm;
  /** Key of the inputs that the form and the tray had in common last; null before that. Not reactive. */
  syncedInputs: string | null;
}

/** Reads a stored form; missing or invalid fields take their defaults. */
export function readForm(stored: unknown): RequestForm {
  const source = typeof stored === 'object' && stored !== null ? stored : {};
  const form = v.parse(RequestFormSchema, source);
  if (!('variables' in source)) {
    [form.prompt, form.variables] = fromTemplate(form.prompt);
    [form.variationPrompt, form.variationVariables] = fromTemplate(form.variationPrompt);
  }
  return form;
}

/**
 * Reads a prompt stored before *Vary* had a switch, when every prompt was a template. With variables it stays one. *Reuse* had escaped
 * each brace, bar and backslash of its prompt: that is undone. Anything else was typed, and stays as it was typed.
 */
function fromTemplate(prompt: string): [text: string, variables: boolean] {
  if (hasPromptVariables(prompt)) return [prompt, true];
  const literal = parsePromptTemplate(prompt).join('');
  return [escapePromptTemplate(literal) === prompt ? literal : prompt, false];
}

/** The form that repeats a request, with its inputs. */
export function formFromRequest(request: JobRequest): RequestForm {
  const asEdit = request.operation === 'edit' && request.variation === true;
  const form = formFromParameters(request.parameters);
  return readForm({
    ...form,
    prompt: asEdit ? '' : form.prompt,
    variationPrompt: asEdit ? form.prompt : VARIATION_PROMPT,
    varying: asEdit || request.operation === 'variation',
    inputs: request.operation === 'create' ? [] : request.inputs,
    ...strictOf(request),
    collectionId: request.collectionId ?? null,
    savedPrompt: request.savedPrompt ? { ...request.savedPrompt, text: form.prompt } : null,
  });
}

/** A request without a mask says nothing about the strict mask. */
function strictOf(request: JobRequest): Partial<Pick<RequestForm, 'strict' | 'feather'>> {
  if (request.operation !== 'edit' || !request.inputs.some(({ role }) => role === 'mask')) return {};
  return request.strict ? { strict: true, feather: request.strict.feather } : { strict: false };
}

/** The form that would send these parameters. */
function formFromParameters(parameters: Parameters): RequestForm {
  const sent = parameters as Partial<CreateParameters & EditParameters>;
  const model = sent.model ?? API_DEFAULT_MODEL;
  const streams = sent.stream ?? !findModel(model).streaming;
  return readForm({
    prompt: sent.prompt ?? '',
    variables: false,
    variationVariables: false,
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

import { readTemplate } from '../../electron/contract/batch.ts';
import type { JobRequest, ProfileId } from '../../electron/contract/entities.ts';
import type { Model } from '../../electron/contract/models.ts';
import type {
  CreateParameters,
  EditParameters,
  Operation,
  ParameterName,
  Parameters,
} from '../../electron/contract/parameters.ts';
import {
  checkParameters,
  checkSize,
  PARAMETERS_OF,
  settleParameters,
  type Problem,
} from '../../electron/contract/rules.ts';
import { modelOn, type Server } from '../../electron/contract/servers.ts';
import type { RequestForm } from '../state/request-form.ts';
import { whatIsNotSent, type NotSent } from './not-sent.ts';
import { putAside, type PutAside } from './put-aside.ts';

/** Parameters of any operation, side by side. */
export type Wishes = Partial<CreateParameters & EditParameters>;

/** What the form comes to with a model on a server. */
export interface Settled {
  operation: Operation;
  /** A variation that goes out as an edit: the server has no endpoint for it. */
  asEdit: boolean;
  /** As far as the server lets it. */
  model: Model;
  /** The form with what is in effect: choices that the model lacks are replaced. Controls show this. */
  used: RequestForm;
  aside: PutAside[];
  /** Everything in effect by its API name, also what will be left out: each model of a batch leaves out its own. */
  wishes: Wishes;
  sent: Parameters;
  notSent: NotSent[];
  /** What keeps it from being sent, in the order of the form. */
  problems: Problem[];
}

/** Which operation the form stands for: what the person does says it. */
export function operationOf(form: RequestForm, server: Server): { operation: Operation; asEdit: boolean } {
  if (!form.inputs.some(({ role }) => role === 'image')) return { operation: 'create', asEdit: false };
  if (!form.varying) return { operation: 'edit', asEdit: false };
  const direct = modelOn(form.model.trim(), server).operations.includes('variation');
  return direct ? { operation: 'variation', asEdit: false } : { operation: 'edit', asEdit: true };
}

/** Everything that the screen and the sending need to know of the form. */
export function settleForm(form: RequestForm, server: Server): Settled {
  const { operation, asEdit } = operationOf(form, server);
  const name = form.model.trim();
  const model = modelOn(name, server);
  const { used, aside } = putAside(form, operation, model);
  const wishes = wishesOf(used, { operation, asEdit, model });
  const { sent } = settleParameters(operation, wishes as Parameters, server);
  const problems: Problem[] =
    name === '' ? [{ field: 'model', message: 'Name a model.' }] : checkParameters(operation, sent, server);
  const notSent = whatIsNotSent({ form, aside, operation, asEdit, wishes, server });
  return { operation, asEdit, model, used, aside, wishes, sent, notSent, problems };
}

interface Case {
  operation: Operation;
  asEdit: boolean;
  model: Model;
}

/** Every value in effect by its API name. `auto` is the server's own default: a model that does not know the word gets none. */
function wishesOf(used: RequestForm, { operation, asEdit, model }: Case): Wishes {
  const sizeIsOpen = used.size === 'auto' && checkSize('auto', model.sizes) !== null;
  return {
    prompt: asEdit ? plainPrompt(used.variationPrompt) : plainPrompt(used.prompt),
    model: used.model.trim(),
    n: used.count,
    size: sizeIsOpen ? undefined : used.size,
    quality: used.quality === 'auto' && !model.qualities.includes('auto') ? undefined : used.quality,
    background: used.background === 'auto' && !model.backgrounds.includes('auto') ? undefined : used.background,
    output_format: used.format,
    output_compression: used.compression,
    moderation: used.moderation === 'auto' ? undefined : used.moderation,
    complexity: orNothing(used.complexity),
    input_fidelity: orNothing(used.fidelity),
    style: orNothing(used.style),
    // An answer with the pixels in it needs no second fetch from an address that runs out. A name that the table does not know
    // gets nothing that its server might refuse.
    response_format: orNothing(used.response) ?? (model.known ? 'b64_json' : undefined),
    stream: used.stream ? true : undefined,
    partial_images: used.partials,
    frame_count: used.frames,
    frame_duration_ms: used.frameTime,
    ...svgWish(used, operation),
    safety_identifier: used.safetyId.trim() || undefined,
    user: used.user.trim() || undefined,
  };
}

function orNothing<T extends string>(choice: T): Exclude<T, 'auto'> | undefined {
  return choice === 'auto' ? undefined : (choice as Exclude<T, 'auto'>);
}

/**
 * The author of an SVG. Without a name the server chooses, and then the whole object is left out; an edit takes an effort alone
 * [`resources/images.d.ts` of `openai` 7.57.0].
 */
function svgWish({ svgModel, svgEffort }: RequestForm, operation: Operation): Pick<Wishes, 'svg'> {
  const model = svgModel.trim();
  const effort = orNothing(svgEffort);
  const reasoning = effort ? { reasoning: { effort } } : {};
  if (model !== '') return { svg: { model, ...reasoning } };
  // The two operations' types differ in this: only an edit's author may be left out.
  return operation === 'edit' && effort ? { svg: reasoning as { model: string } } : {};
}

/** A prompt without variables in its own words; one with variables stays the template that a batch needs. */
function plainPrompt(template: string): string {
  const parts = readTemplate(template);
  return parts.some((part) => Array.isArray(part)) ? template : parts.join('');
}

/** The request that a settled form asks for. Whether it may be sent, its problems say. */
export function requestFrom({ operation, asEdit, sent }: Settled, form: RequestForm, profileId: ProfileId): JobRequest {
  return asRequest({ operation, asEdit, parameters: sent }, form, profileId);
}

/** The same with everything that the operation has and the form wishes for: what is left out is decided for each model of a batch. */
export function batchBase({ operation, asEdit, wishes }: Settled, form: RequestForm, profileId: ProfileId): JobRequest {
  const had = Object.entries(wishes).filter(([name]) => PARAMETERS_OF[operation].has(name as ParameterName));
  return asRequest({ operation, asEdit, parameters: Object.fromEntries(had) as Parameters }, form, profileId);
}

function asRequest(
  { operation, asEdit, parameters }: { operation: Operation; asEdit: boolean; parameters: Parameters },
  { inputs, collectionId, repeats }: RequestForm,
  profileId: ProfileId,
): JobRequest {
  const request = {
    operation,
    profileId,
    parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)),
    ...(operation === 'create'
      ? {}
      : { inputs: operation === 'variation' ? inputs.filter(({ role }) => role === 'image') : inputs }),
    ...(asEdit ? { variation: true } : {}),
    ...(collectionId ? { collectionId } : {}),
    ...(repeats ? { repeats } : {}),
  };
  // The parts belong together by their operation; the compiler loses sight of which it is.
  return request as JobRequest;
}

import type { JobRequest, ProfileId } from '../../../electron/contract/entities.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation, ParameterName, Parameters } from '../../../electron/contract/catalogue/parameters.ts';
import { checkParameters, PARAMETERS_OF, settleParameters, type Problem } from '../../../electron/contract/rules/parameter-rules.ts';
import { modelOn, type Server } from '../../../electron/contract/catalogue/servers.ts';
import type { Wishes } from '../../../electron/contract/costs/token-counts.ts';
import type { RequestForm } from '../../state/request-form.ts';
import { whatIsNotSent, type NotSent } from './omitted-parameters.ts';
import { putAside, type PutAside } from './unsupported-choices.ts';
import { wishesOf, withoutGaps } from './effective-parameters.ts';

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

/** The request that a settled form asks for. Whether it may be sent, its problems say. */
export function requestFrom({ operation, asEdit, sent }: Settled, form: RequestForm, profileId: ProfileId): JobRequest {
  return asRequest({ operation, asEdit, parameters: sent }, form, profileId);
}

/** The same with everything that the operation has and the form wishes for: what is left out is decided for each model of a batch. */
export function batchBase({ operation, asEdit, wishes }: Settled, form: RequestForm, profileId: ProfileId): JobRequest {
  const had = Object.entries(wishes).filter(([name]) => PARAMETERS_OF[operation].has(name as ParameterName));
  return asRequest({ operation, asEdit, parameters: Object.fromEntries(had) }, form, profileId);
}

function asRequest(
  { operation, asEdit, parameters }: { operation: Operation; asEdit: boolean; parameters: object },
  { inputs, collectionId, strict, feather }: RequestForm,
  profileId: ProfileId,
): JobRequest {
  const masked = operation === 'edit' && inputs.some(({ role }) => role === 'mask');
  const request = {
    operation,
    profileId,
    parameters: withoutGaps(parameters),
    ...(operation === 'create'
      ? {}
      : { inputs: operation === 'variation' ? inputs.filter(({ role }) => role === 'image') : inputs }),
    ...(asEdit ? { variation: true } : {}),
    ...(masked && strict ? { strict: { feather } } : {}),
    ...(collectionId ? { collectionId } : {}),
  };
  // The parts belong together by their operation; the compiler loses sight of which it is.
  return request as JobRequest;
}

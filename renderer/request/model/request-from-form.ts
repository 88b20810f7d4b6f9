import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation, ParameterName, Parameters } from '../../../electron/contract/catalogue/parameters.ts';
import {
  checkParameters,
  PARAMETERS_OF,
  omitUnsupportedParameters,
  type Problem,
} from '../../../electron/contract/rules/parameter-rules.ts';
import { modelOnServer, type Server } from '../../../electron/contract/catalogue/servers.ts';
import type { ParameterValues } from '../../../electron/contract/costs/token-counts.ts';
import type { RequestForm } from '../../state/request-form.ts';
import { omittedParameters, type OmittedParameter } from './omitted-parameters.ts';
import { replaceUnsupported, type UnsupportedChoice } from './unsupported-choices.ts';
import { effectiveParameters, withoutUndefined } from './effective-parameters.ts';

/** What the form comes to with a model on a server. */
export interface ResolvedForm {
  operation: Operation;
  /** A variation that goes out as an edit: the server has no endpoint for it. */
  asEdit: boolean;
  /** As far as the server lets it. */
  model: Model;
  /** The form with what is in effect: choices that the model lacks are replaced. Controls show this. */
  effective: RequestForm;
  unsupported: UnsupportedChoice[];
  /** Everything in effect by its API name, also what will be left out: each model of a batch leaves out its own. */
  allParameters: ParameterValues;
  sent: Parameters;
  omitted: OmittedParameter[];
  /** What keeps it from being sent, in the order of the form. */
  problems: Problem[];
}

/** Which operation the form stands for: what the person does says it. */
function operationOf(form: RequestForm, server: Server): { operation: Operation; asEdit: boolean } {
  if (!form.inputs.some(({ role }) => role === 'image')) return { operation: 'create', asEdit: false };
  if (!form.varying) return { operation: 'edit', asEdit: false };
  const direct = modelOnServer(form.model.trim(), server).operations.includes('variation');
  return direct ? { operation: 'variation', asEdit: false } : { operation: 'edit', asEdit: true };
}

/** Everything that the screen and the sending need to know of the form. */
export function resolveForm(form: RequestForm, server: Server): ResolvedForm {
  const { operation, asEdit } = operationOf(form, server);
  const name = form.model.trim();
  const model = modelOnServer(name, server);
  const { effective, unsupported } = replaceUnsupported(form, operation, model);
  const allParameters = effectiveParameters(effective, { operation, asEdit, model });
  const { sent } = omitUnsupportedParameters(operation, allParameters as Parameters, server);
  const problems: Problem[] =
    name === '' ? [{ field: 'model', message: 'Enter a model name.' }] : checkParameters(operation, sent, server);
  const omitted = omittedParameters({ form, unsupported, operation, asEdit, allParameters, server });
  return { operation, asEdit, model, effective, unsupported, allParameters, sent, omitted, problems };
}

/** The request that a settled form asks for. Whether it may be sent, its problems say. */
export function requestFromForm(
  { operation, asEdit, sent }: ResolvedForm,
  form: RequestForm,
  profileId: ProfileId,
): JobRequest {
  return buildRequest({ operation, asEdit, parameters: sent }, form, profileId);
}

/** The same with everything that the operation has and the form wishes for: what is left out is decided for each model of a batch. */
export function batchBaseRequest(
  { operation, asEdit, allParameters }: ResolvedForm,
  form: RequestForm,
  profileId: ProfileId,
): JobRequest {
  const had = Object.entries(allParameters).filter(([name]) => PARAMETERS_OF[operation].has(name as ParameterName));
  return buildRequest({ operation, asEdit, parameters: Object.fromEntries(had) }, form, profileId);
}

function buildRequest(
  { operation, asEdit, parameters }: { operation: Operation; asEdit: boolean; parameters: object },
  { inputs, collectionId, strict, feather }: RequestForm,
  profileId: ProfileId,
): JobRequest {
  const masked = operation === 'edit' && inputs.some(({ role }) => role === 'mask');
  const request = {
    operation,
    profileId,
    parameters: withoutUndefined(parameters),
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

import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import type { Operation, ParameterName, Parameters } from '../../../electron/contract/catalogue/parameters.ts';
import { omitUnsupportedParameters } from '../../../electron/contract/rules/omit-parameters.ts';
import { checkParameters, PARAMETERS_OF, type Problem } from '../../../electron/contract/rules/parameter-rules.ts';
import { modelOnServer, type Server } from '../../../electron/contract/catalogue/servers.ts';
import type { ParameterValues } from '../../../electron/contract/costs/token-counts.ts';
import type { RequestForm } from '../../state/request-form.ts';
import { omittedParameters, type OmittedParameter } from './omitted-parameters.ts';
import { replaceUnsupported, type UnsupportedChoice } from './unsupported-choices.ts';
import { effectiveParameters, withoutUndefined } from './effective-parameters.ts';

/** The form resolved against its model and server. */
export interface ResolvedForm {
  operation: Operation;
  /** A variation sent as an edit, because the server has no variations endpoint. */
  asEdit: boolean;
  /** Limited to what the server supports. */
  model: Model;
  /** The form with unsupported choices replaced. Controls show this one. */
  effective: RequestForm;
  unsupported: UnsupportedChoice[];
  /** All values in effect by API name, before omission: each model of a batch omits its own. */
  allParameters: ParameterValues;
  sent: Parameters;
  omitted: OmittedParameter[];
  /** Problems that prevent sending, in the order of the form. */
  problems: Problem[];
}

/** The operation, derived from the references and from *Edit* or *Variation*. */
function operationOf(form: RequestForm, server: Server): { operation: Operation; asEdit: boolean } {
  if (!form.inputs.some(({ role }) => role === 'image')) return { operation: 'create', asEdit: false };
  if (!form.varying) return { operation: 'edit', asEdit: false };
  const direct = modelOnServer(form.model.trim(), server).operations.includes('variation');
  return direct ? { operation: 'variation', asEdit: false } : { operation: 'edit', asEdit: true };
}

/** Resolves the form for display and for sending. */
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

/** The request of a resolved form, which may still have problems. */
export function requestFromForm(
  { operation, asEdit, sent }: ResolvedForm,
  form: RequestForm,
  profileId: ProfileId,
): JobRequest {
  return buildRequest({ operation, asEdit, parameters: sent }, form, profileId);
}

/** The same with all parameters of the operation: what is omitted is decided for each model of a batch. */
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
  { inputs, collectionId, strict, feather, savedPrompt }: RequestForm,
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
    ...(savedPrompt && promptContains(parameters, savedPrompt.text)
      ? { savedPrompt: { id: savedPrompt.id, version: savedPrompt.version } }
      : {}),
  };
  // The parts match by operation; the compiler can't narrow that here.
  return request as JobRequest;
}

function promptContains(parameters: { prompt?: string }, text: string): boolean {
  return text.trim() !== '' && (parameters.prompt ?? '').includes(text);
}

import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type {
  EditParameters,
  ParameterName,
  VariationParameters,
} from '../../../electron/contract/catalogue/parameters.ts';
import { omitUnsupportedParameters, type OmittedParameter } from '../../../electron/contract/rules/omit-parameters.ts';
import { checkParameters, type Problem } from '../../../electron/contract/rules/parameter-rules.ts';
import { modelOnServer, type Server } from '../../../electron/contract/catalogue/servers.ts';
import { lowercaseFirst } from '../../shared/format/lowercase-first.ts';
import { VARIATION_PROMPT } from '../../state/request-form.ts';
import { requestFromRecord } from '../../state/request-from-record.ts';

/** A request for another model, and how it differs from the original one. */
export interface RepeatedRequest {
  request: JobRequest;
  omitted: OmittedParameter[];
  /** Why it can't be sent; [] if it can. */
  problems: Problem[];
}

/**
 * The request of an image with another model, to be compared with it: one image, and of the parameters those that the model takes on
 * the server. A variation becomes an edit where the server has no endpoint for it.
 */
export function repeatWithModel(record: ImageRecord, { model, profileId, server }: Target): RepeatedRequest {
  const same = asSupported(requestFromRecord(record, profileId), model, server);
  const { sent, omitted } = omitUnsupportedParameters(same.operation, { ...same.parameters, model }, server);
  const one = { ...sent, ...(sent.n != null && { n: 1 }) };
  if ((sent.n ?? 1) > 1) omitted.push({ field: 'n', reason: 'only one image is needed to compare' });
  // Values that the model doesn't support, such as a size of another model, are left out.
  const unknown = checkParameters(same.operation, one, server).filter(
    ({ field }) => !REQUIRED.has(field) && field in one,
  );
  omitted.push(...unknown.map(({ field, message }) => ({ field, reason: asReason(message) })));
  const taken = Object.entries(one).filter(([field]) => !unknown.some((problem) => problem.field === field));
  // Only optional parameters were removed.
  const request = { ...same, parameters: Object.fromEntries(taken), repeats: record.id } as JobRequest;
  return { request, omitted, problems: checkParameters(request.operation, request.parameters, server) };
}

const REQUIRED = new Set<ParameterName>(['prompt', 'model']);

/** A message as a part of a sentence. */
function asReason(message: string): string {
  return lowercaseFirst(message.replace(/\.$/u, ''));
}

/** Where the request is sent. */
export interface Target {
  model: string;
  profileId: ProfileId;
  server: Server;
}

function asSupported(request: JobRequest, model: string, server: Server): JobRequest {
  if (request.operation !== 'variation' || modelOnServer(model, server).operations.includes('variation'))
    return request;
  const { parameters, ...rest } = request;
  const asEdit: VariationParameters & EditParameters = { ...parameters, prompt: VARIATION_PROMPT };
  return { ...rest, operation: 'edit', parameters: asEdit, variation: true };
}

import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { InputRole, JobRequest } from '../../../electron/contract/entities/requests.ts';
import { changedLines, requestLines, type RequestChange } from '../../state/request-lines.ts';

/** All differences between two requests except the prompt; all parameters if there is no request before. */
export function requestChanges(before: Job | null, after: Job): RequestChange[] {
  return changedLines(linesOf(before?.request ?? null), linesOf(after.request));
}

function linesOf(request: JobRequest | null): Map<string, string> {
  if (!request) return new Map();
  const { parameters } = request;
  if (request.operation === 'create') return requestLines(parameters, null);
  const has = (role: InputRole): boolean => request.inputs.some((input) => input.role === role);
  const references = request.inputs.filter(({ role }) => role === 'image').length - 1;
  const lines = requestLines(parameters, { references, mask: has('mask'), markup: has('markup') });
  if (request.operation === 'edit' && request.strict) lines.set('Strict mask', `Feather ${request.strict.feather} px`);
  return lines;
}

import type { Parameters } from '../../../electron/contract/catalogue/parameters.ts';
import type { Job } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';

/** What was refused: the last click, and the jobs, oldest first. */
export interface Refusals {
  refusal: ErrorReport | null;
  refusedRequest: Pick<JobRequest, 'parameters'> | null;
  jobs: readonly Pick<Job, 'error' | 'request'>[];
}

/** Why the server or the studio refused a field, while the field still has the refused value; null otherwise. */
export function refusedField(
  field: string,
  sent: Parameters,
  { refusal, refusedRequest, jobs }: Refusals,
): string | null {
  const job = jobs.findLast(({ error }) => error?.field === field);
  const [error, request] = refusal?.field === field ? [refusal, refusedRequest] : [job?.error, job?.request];
  if (!error || !request) return null;
  return sameIn(field, sent, request.parameters) ? error.message : null;
}

function sameIn(field: string, one: object, other: object): boolean {
  const text = (parameters: object): string | undefined =>
    JSON.stringify((parameters as Record<string, unknown>)[field]);
  return text(one) === text(other);
}

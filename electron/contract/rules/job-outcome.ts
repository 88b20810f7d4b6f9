import type { JobGeneration, JobState } from '../entities/jobs.ts';
import type { Billing, ErrorReport } from '../errors/errors.ts';
import type { ErrorDetailKind } from '../errors/details.ts';
import { errorMessage } from '../errors/messages.ts';
import { REQUEST_OUTCOMES, type RequestCount, type RequestOutcome } from '../errors/request-outcomes.ts';

/** What is recorded about a request that has ended. */
export type EndedRequest = Pick<JobGeneration, 'state' | 'n' | 'sentAt' | 'billing' | 'cost' | 'error'> & {
  images: { length: number };
};

/** Ends before the first byte of a request was sent, although it was marked as sent. */
const UNSENT_DETAILS: ReadonlySet<ErrorDetailKind> = new Set<ErrorDetailKind>([
  'stopped-before-sending',
  'unreachable',
  'proxy-unreachable',
  'proxy-unauthorised',
  'proxy-refused',
]);

/** What became of a request, by what is recorded. Only a request that is known to be unsent is `unsent`. */
export function requestOutcome(request: EndedRequest): RequestOutcome {
  const received = receipt(request);
  const billing = billingOf(request);
  if (received !== null) return billing === 'none' ? received : `${received}-${billing}`;
  if (isKept(request)) return billing === 'none' ? 'unsaved' : 'unsaved-billed';
  if (billing === 'billed') return 'billed';
  if (request.billing === 'possible') return billing === 'none' ? 'unknown-free' : 'unknown';
  const kind = request.error?.detail?.kind;
  if (kind === 'stopped-while-rate-limited') return 'refused';
  return request.sentAt === null || (kind !== undefined && UNSENT_DETAILS.has(kind)) ? 'unsent' : 'failed';
}

/** Whether an image was received that is saved in the library later. */
function isKept({ error }: EndedRequest): boolean {
  const { detail, notes } = error ?? {};
  return notes?.includes('unsaved') === true || (detail?.kind === 'image-unsaved' && detail.kept);
}

/** Null: no image. */
function receipt({ state, n, images }: EndedRequest): 'received' | 'partial' | null {
  if (state === 'done' || images.length >= n) return 'received';
  return images.length > 0 ? 'partial' : null;
}

/** A cost of zero is known to be no bill. Otherwise an image is proof of one, however the request ended. */
function billingOf({ billing, cost, images }: EndedRequest): Billing {
  if (cost === 0) return 'none';
  return images.length > 0 ? 'billed' : billing;
}

/** The outcomes of a job's requests, counted. The counts add up to the number of requests. */
export function countOutcomes(requests: readonly EndedRequest[]): RequestCount[] {
  const outcomes = requests.map(requestOutcome);
  return REQUEST_OUTCOMES.flatMap((outcome) => {
    const count = outcomes.filter((each) => each === outcome).length;
    return count === 0 ? [] : [{ outcome, count }];
  });
}

/** How a job ended. */
export interface JobOutcome {
  state: Exclude<JobState, 'waiting' | 'running'>;
  /** Null if every request was answered as asked. */
  error: ErrorReport | null;
}

const FAILURE_STATES = ['failed', 'interrupted', 'cancelled'] as const;

/**
 * A job's end by the ends of its requests. Cause: errors with billing come first, then failures before interruptions before stops, then
 * the earlier request; state and code are of the same request. The text of a job of several requests says what became of each.
 */
export function jobOutcome(requests: readonly EndedRequest[]): JobOutcome {
  const bad = FAILURE_STATES.flatMap((state) => requests.filter((request) => request.state === state));
  const cause = bad.find(({ error }) => error !== null && error.billing !== 'none') ?? bad[0];
  const state = FAILURE_STATES.find((end) => end === cause?.state) ?? 'done';
  return { state, error: cause?.error ? jobError(cause.error, requests) : null };
}

/** A request's error as that of its whole job. */
function jobError(cause: ErrorReport, requests: readonly EndedRequest[]): ErrorReport {
  if (requests.length === 1) return cause;
  const error = { ...cause, billing: jobBilling(requests), requests: countOutcomes(requests) };
  return { ...error, message: errorMessage(error) };
}

/** What is known about the bill of a whole job: `possible` if any request's is. */
export function jobBilling(requests: readonly Pick<EndedRequest, 'billing' | 'images'>[]): Billing {
  const known = new Set(requests.map(({ billing, images }) => (images.length > 0 ? 'billed' : billing)));
  return known.has('possible') ? 'possible' : known.has('billed') ? 'billed' : 'none';
}

import type { Job, JobGeneration } from '../../electron/contract/entities/jobs.ts';
import type { RateLimitHold, QueueState } from '../../electron/contract/entities/queue.ts';
import type { ErrorCode } from '../../electron/contract/errors/errors.ts';
import { billingLabel } from '../../electron/contract/errors/messages.ts';
import { requestCountsLabel } from '../../electron/contract/errors/request-outcomes.ts';
import { jobBilling } from '../../electron/contract/rules/job-outcome.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { waitingReason } from '../progress/waiting-reason.ts';
import { formatQuantity } from '../shared/format/counts.ts';
import { formatTimeOfDay, formatElapsed } from '../shared/format/time.ts';
import { parameterValueLabel } from '../state/parameter-labels.ts';

/** Creating from a prompt is the default and has no label. */
const OPERATIONS = { create: '', edit: 'Edit', variation: 'Variation' } as const;

function parametersOf({ request }: Job): Partial<CreateParameters> {
  return request.parameters as Partial<CreateParameters>;
}

/** Total number of requested images. */
export function totalRequestedImages(jobs: readonly Job[]): number {
  return jobs.reduce((sum, job) => sum + (parametersOf(job).n ?? 1), 0);
}

/** A job's title: its prompt in one line. */
export function jobTitle(job: Job): string {
  const prompt = parametersOf(job).prompt?.replace(/\s+/gu, ' ').trim() ?? '';
  if (prompt !== '') return prompt;
  return job.request.operation === 'variation' ? 'Variation' : 'No prompt';
}

/** The line below the title: `Edit · mask · 3 references · gpt-image-2 · 4 images`. */
export function jobSummary(job: Job): string {
  const { request } = job;
  const { model, quality } = parametersOf(job);
  const asEdit = request.operation === 'edit' && request.variation === true;
  const inputs = request.operation === 'create' ? [] : request.inputs;
  const images = inputs.filter(({ role }) => role === 'image').length;
  const n = totalRequestedImages([job]);
  const words = [
    asEdit ? 'Variation via edit' : OPERATIONS[request.operation],
    inputs.some(({ role }) => role === 'mask') && 'mask',
    inputs.some(({ role }) => role === 'markup') && 'markup',
    request.operation === 'edit' && images > 1 && formatQuantity(images, 'reference'),
    model,
    quality && quality !== 'auto' && parameterValueLabel('quality', quality),
    n > 1 && formatQuantity(n, 'image'),
  ];
  return words.filter(Boolean).join(' · ');
}

/** A job's status in two short lines. */
export interface StatusLabel {
  state: string;
  detail: string;
  tone: 'plain' | 'bad';
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' };

/** `Next`, `2nd`, `3rd`, `21st`. */
function ordinalLabel(place: number): string {
  return place === 1 ? 'Next' : `${place}${SUFFIXES[ordinals.select(place)] ?? 'th'}`;
}

/** Of a queued row; `place` counts from 0. */
export function waitingLabel(place: number, queue: QueueState, hold: RateLimitHold | null, now: number): StatusLabel {
  const detail = waitingReason(queue, hold, now) || (place === 0 ? 'when a job finishes' : '');
  return { state: ordinalLabel(place + 1), detail, tone: 'plain' };
}

/** Progress of a running job; segments are partial images of a single image, or images of several. */
export interface ProgressLabel extends StatusLabel {
  parts: { label: string; state: 'done' | 'now' | 'coming' }[];
}

export function runningLabel(job: Job): ProgressLabel {
  const { generations } = job;
  const asked = Math.max(totalRequestedImages([job]), 1);
  const made = generations.reduce((sum, { images }) => sum + images.length, 0);
  const newest = generations.find(({ state }) => state === 'sent');
  if (asked > 1) {
    const drawing = generations.filter(({ state }) => state === 'sent').length;
    return {
      state: `${made} of ${asked} created`,
      detail: drawing > 0 ? partialLabel(job, newest) : 'queued',
      tone: 'plain',
      parts: partsOf(asked, made, drawing > 0),
    };
  }
  const partials = newest?.partials.length ?? 0;
  const wanted = Math.max(parametersOf(job).partial_images ?? 0, partials);
  return {
    state: partialLabel(job, newest),
    detail: '',
    tone: 'plain',
    parts: partsOf(wanted + 1, partials + made, newest !== undefined),
  };
}

function partialLabel(job: Job, generation: JobGeneration | undefined): string {
  const partials = generation?.partials.length ?? 0;
  if (partials === 0) return generation?.sentAt ? 'Sent, generating' : 'Starting';
  const asked = Math.max(parametersOf(job).partial_images ?? 0, partials);
  return `Partial ${partials} of ${asked}`;
}

function partsOf(count: number, done: number, drawing: boolean): ProgressLabel['parts'] {
  return Array.from({ length: count }, (_, index) => ({
    label: `${index + 1} of ${count}`,
    state: index < done ? ('done' as const) : index === done && drawing ? ('now' as const) : ('coming' as const),
  }));
}

/** Errors in one or two words. */
const ERROR_LABELS: Partial<Record<ErrorCode, string>> = {
  'key-missing': 'Key missing',
  'key-refused': 'Key rejected',
  'organisation-unverified': 'Not verified',
  'permission-denied': 'Not permitted',
  'rate-limited': 'Rate limited',
  'quota-exhausted': 'No credit left',
  'moderation-blocked': 'Blocked',
  'region-unsupported': 'Region not supported',
  'blocked-in-between': 'Blocked on the way',
  'request-refused': 'Rejected',
  'parameter-invalid': 'Rejected',
  'profile-invalid': 'Profile changed',
  'input-invalid': 'Image missing',
  'file-missing': 'Image missing',
  'endpoint-missing': 'Endpoint not found',
  'server-failed': 'Server failed',
  'server-unreachable': 'Unreachable',
  'connection-lost': 'Connection lost',
  'answer-cut': 'Response cut off',
  'answer-empty': 'Empty response',
  'timed-out': 'Timed out',
  'disk-full': 'Disk full',
  'disk-unwritable': 'Disk not writable',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
};

/** The status of a job that has ended. */
export function endedLabel(job: Job): StatusLabel {
  const { error, finishedAt } = job;
  const at = finishedAt === null ? '' : formatTimeOfDay(finishedAt);
  if (!error) return { state: job.state === 'cancelled' ? 'Stopped' : 'Done', detail: at, tone: 'plain' };
  const state = ERROR_LABELS[error.code] ?? (error.code.startsWith('answer-') ? 'Bad response' : 'Failed');
  const tone = job.state === 'failed' ? 'bad' : 'plain';
  if (error.requests) return { state, detail: requestCountsLabel(error.requests), tone };
  return {
    state,
    detail: [billingLabel(jobBilling(job.generations)), receivedLabel(job)].filter(Boolean).join(', '),
    tone,
  };
}

/** What was received of a job that failed; '' for nothing. */
function receivedLabel({ generations }: Job): string {
  const images = generations.reduce((sum, generation) => sum + generation.images.length, 0);
  const partials = generations.reduce((sum, generation) => sum + generation.partials.length, 0);
  if (images > 0) return `${formatQuantity(images, 'image')} saved`;
  return partials > 0 ? `${formatQuantity(partials, 'partial')} saved` : '';
}

/** A job's run time; '' for one that never started. */
export function elapsedLabel({ startedAt, finishedAt }: Job, now: number): string {
  return startedAt === null ? '' : formatElapsed((finishedAt ?? now) - startedAt);
}

import { describe, expect, test } from 'vitest';
import type { GenerationState } from '../../../electron/contract/entities/generations.ts';
import type { ProfileId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { Job, JobGeneration } from '../../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import { repeatedBillSentence } from '../../../electron/contract/errors/request-outcomes.ts';
import { countOutcomes } from '../../../electron/contract/rules/job-outcome.ts';
import { retryOf } from '../../../electron/contract/rules/retry-request.ts';

const image = {} as JobGeneration['images'][number];

function request(state: GenerationState, images: number, n = 1): JobGeneration {
  const billing = images > 0 ? 'billed' : 'possible';
  const rest = {
    id: 'g' as JobGeneration['id'],
    finishedAt: 2,
    requestId: null,
    cost: null,
    partials: [],
    error: null,
  };
  return { ...rest, state, n, billing, sentAt: 1, images: Array.from({ length: images }, () => image) };
}

const inputs = [{ role: 'image' as const, sha256: 'a'.repeat(64) as Sha256, image: null }];
const profileId = 'demo' as ProfileId;
const REQUESTS: Record<string, JobRequest> = {
  'an image': { operation: 'create', profileId, parameters: { prompt: 'pears', model: 'gpt-image-2', n: 6 } },
  'an edit with a strict mask': {
    operation: 'edit',
    profileId,
    parameters: { prompt: 'pears', model: 'gpt-image-2', n: 6 },
    inputs: [...inputs, { role: 'mask', sha256: 'b'.repeat(64) as Sha256, image: null }],
    strict: { feather: 3 },
  },
  'a variation': { operation: 'variation', profileId, parameters: { model: 'dall-e-2', n: 6 }, inputs },
};

function job(generations: JobGeneration[], asked: JobRequest = REQUESTS['an image'] as JobRequest): Job {
  return { request: asked, generations, estimate: { min: 60_000, max: 120_000 } } as Job;
}

describe.each(Object.entries(REQUESTS))('the retry of %s', (_name, asked) => {
  test('asks for what is missing, and changes nothing else', () => {
    const parts = [
      ...Array.from({ length: 4 }, () => request('done', 1)),
      request('interrupted', 0),
      request('interrupted', 0),
    ];
    expect(retryOf(job(parts, asked))).toEqual({
      request: { ...asked, parameters: { ...asked.parameters, n: 2 } },
      images: 2,
      partial: true,
      estimate: { min: 20_000, max: 40_000 },
    });
  });

  test('asks for no image that was received and waits to be saved', () => {
    const parts = [request('done', 1), request('failed', 0), request('failed', 0), request('interrupted', 0)];
    const unsaved = [{}, {}] as NonNullable<Job['unsaved']>;
    expect(retryOf({ ...job(parts, asked), unsaved })).toMatchObject({ images: 1, partial: true });
  });

  test('asks for everything if nothing was received, or if nothing is missing', () => {
    for (const state of ['failed', 'done'] as const) {
      const parts = Array.from({ length: 6 }, () => request(state, state === 'done' ? 1 : 0));
      expect(retryOf(job(parts, asked))).toMatchObject({ request: asked, images: 6, partial: false });
    }
  });
});

test('one request for several images is asked for the rest; its inputs cost the same, so the upper end stays', () => {
  expect(retryOf(job([request('failed', 4, 6)]))).toMatchObject({
    request: { parameters: { n: 2 } },
    images: 2,
    estimate: { min: 20_000, max: 120_000 },
  });
});

test('a server that answered with fewer images than asked for isn’t asked again for those', () => {
  expect(retryOf(job([request('done', 2, 3), request('failed', 0, 3)]))).toMatchObject({ images: 3, partial: true });
});

test('what a retry may buy again is said', () => {
  const warning = (...parts: JobGeneration[]): string => repeatedBillSentence(countOutcomes(parts));
  const unsent = { ...request('interrupted', 0), sentAt: null, billing: 'none' as const };
  const unsaved = { ...request('failed', 0), billing: 'billed' as const };
  expect(warning(request('done', 1), unsent)).toBe('');
  expect(warning(request('interrupted', 0), unsent)).toBe(
    'One request may have been billed already; a retry can bill it again.',
  );
  expect(warning(unsaved)).toBe('One request was billed already; a retry can bill it again.');
  expect(warning(unsaved, request('failed', 0))).toBe(
    '2 requests were or may have been billed already; a retry can bill them again.',
  );
});

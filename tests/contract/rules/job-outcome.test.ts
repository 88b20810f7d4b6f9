import { describe, expect, it, test } from 'vitest';
import type { GenerationState } from '../../../electron/contract/entities/generations.ts';
import type { ErrorDetail } from '../../../electron/contract/errors/details.ts';
import { BILLING, StudioError, type Billing, type ErrorCode } from '../../../electron/contract/errors/errors.ts';
import {
  countOutcomes,
  jobBilling,
  jobOutcome,
  requestOutcome,
  type EndedRequest,
} from '../../../electron/contract/rules/job-outcome.ts';
import fc from '../../fast-check.ts';

const SENT_AT = 5;

function ended(state: GenerationState, change: Partial<EndedRequest> = {}): EndedRequest {
  return { state, n: 1, sentAt: SENT_AT, billing: 'none', cost: null, error: null, images: { length: 0 }, ...change };
}

function failing(code: ErrorCode, detail: ErrorDetail, change: Partial<EndedRequest> = {}): EndedRequest {
  const billing = change.billing ?? 'none';
  const state = code === 'cancelled' || code === 'interrupted' ? code : 'failed';
  return ended(state, { error: new StudioError({ code, detail, billing }).report, ...change });
}

const received = ended('done', { billing: 'billed', cost: 41_000, images: { length: 1 } });
const unsent = (by: 'user' | 'quit'): EndedRequest =>
  failing(by === 'user' ? 'cancelled' : 'interrupted', { kind: 'stopped-before-sending', by }, { sentAt: null });
const quit = failing('interrupted', { kind: 'quit-after-sending', received: 0, n: 1 }, { billing: 'possible' });
const stopped = failing('cancelled', { kind: 'stopped-after-sending' }, { billing: 'possible' });
const limited = failing('cancelled', { kind: 'stopped-while-rate-limited', by: 'user' }, { sentAt: null });
const blocked = failing('moderation-blocked', { kind: 'moderation-blocked' });
const tooLong = failing('rate-limited', { kind: 'rate-limited-too-long', waitMs: 9e7, limitMs: 216e5 });

const UNKNOWN = 'The request with unknown outcome may have been billed, so it won’t be sent again automatically.';

describe('the sentence of a job says what became of each of its requests', () => {
  it.each<[string, EndedRequest[], string]>([
    [
      'killed with four of six done',
      [received, received, received, received, quit, unsent('quit')],
      `4 received and billed, 1 sent with unknown outcome, 1 not sent. Emulsion quit before this job ended. ${UNKNOWN}`,
    ],
    [
      'stopped with one done',
      [received, stopped, stopped, unsent('user')],
      '1 received and billed, 2 sent with unknown outcome, 1 not sent. You stopped this job. The requests with unknown outcome may have been billed, so they won’t be sent again automatically.',
    ],
    [
      'stopped while one was rate limited',
      [received, limited, unsent('user')],
      '1 received and billed, 1 rate limited and not billed, 1 not sent. You stopped this job.',
    ],
    [
      'blocked once',
      [received, blocked],
      '1 received and billed, 1 failed and not billed. The server’s safety system refused this request. Reword the prompt or choose other inputs.',
    ],
    [
      'blocked each time',
      [blocked, blocked],
      'The server’s safety system refused this request. Reword the prompt or choose other inputs. 2 failed and not billed.',
    ],
    ['stopped in the queue', [unsent('user'), unsent('user')], 'You stopped this job. 2 not sent.'],
    [
      'given up by a long rate limit, with one received and the rest of the queue dropped',
      [received, tooLong, { ...tooLong, sentAt: null }],
      '1 received and billed, 1 failed and not billed, 1 not sent. The server asks for a wait of 25 hours; Emulsion waits 6 hours at most. Retry later.',
    ],
    [
      'with an image that is not saved yet',
      [
        received,
        failing('disk-full', { kind: 'image-unsaved', fault: 'full', images: 1, kept: true }, { billing: 'billed' }),
      ],
      '1 received and billed, 1 received and billed but not saved yet. An image was received but couldn’t be saved in the library: the library’s disk is full. It’s kept and will be saved as soon as possible.',
    ],
    [
      'that billed nothing',
      [ended('done', { billing: 'billed', cost: 0 }), { ...quit, cost: 0 }],
      '1 received, 1 sent with unknown outcome. Emulsion quit before this job ended.',
    ],
  ])('%s', (_name, requests, sentence) => {
    expect(jobOutcome(requests).error?.message).toBe(sentence);
  });

  it('is that of the request where there is only one', () => {
    expect(jobOutcome([stopped]).error).toBe(stopped.error);
  });

  it('keeps the first sentence of an error of an earlier release, without its word about money', () => {
    const old = ended('failed', {
      billing: 'possible',
      error: { code: 'internal', message: 'It broke. It may have been billed.', billing: 'possible' },
    });
    expect(jobOutcome([received, old]).error?.message).toBe(
      `1 received and billed, 1 sent with unknown outcome. It broke. ${UNKNOWN}`,
    );
  });
});

describe('the state of a job', () => {
  const report = (message: string, billing: Billing) => ({ code: 'internal', message, billing }) as const;
  const end = (state: GenerationState, billing: Billing | null = null, message = ''): EndedRequest =>
    ended(state, billing === null ? {} : { billing, error: report(message, billing) });
  it.each<[string, EndedRequest[], string, string | null]>([
    ['is done', [end('done'), end('done')], 'done', null],
    ['failed, before it was stopped', [end('cancelled', 'none', 'b'), end('failed', 'none', 'a')], 'failed', 'a'],
    ['failed, before it was interrupted', [end('interrupted', 'none', 'b'), end('failed', 'none', 'a')], 'failed', 'a'],
    [
      'interrupted, before stopped',
      [end('cancelled', 'none', 'b'), end('interrupted', 'none', 'a')],
      'interrupted',
      'a',
    ],
    ['by money before all else', [end('failed', 'none', 'b'), end('cancelled', 'possible', 'a')], 'cancelled', 'a'],
    ['failed without a word', [end('done'), end('failed')], 'failed', null],
  ])('%s', (_name, requests, state, cause) => {
    const outcome = jobOutcome(requests);
    expect(outcome.state).toBe(state);
    if (cause === null) expect(outcome.error).toBeNull();
    else expect(outcome.error?.message).toContain(cause);
  });
});

/** Every mixture of what can be recorded. */
const anyRequest: fc.Arbitrary<EndedRequest> = fc
  .record({
    state: fc.constantFrom<GenerationState>('intent', 'sent', 'done', 'failed', 'cancelled', 'interrupted'),
    n: fc.integer({ min: 1, max: 4 }),
    images: fc.integer({ min: 0, max: 4 }),
    sentAt: fc.constantFrom(null, SENT_AT),
    billing: fc.constantFrom(...BILLING),
    cost: fc.constantFrom(null, 0, 41_000),
    detail: fc.constantFrom<ErrorDetail>(
      { kind: 'stopped-before-sending', by: 'quit' },
      { kind: 'stopped-while-rate-limited', by: 'user' },
      { kind: 'stopped-after-sending' },
      { kind: 'server-failed', status: 500, waitMs: null },
    ),
  })
  .map(({ detail, images, ...rest }) => ({
    ...rest,
    images: { length: images },
    error: rest.state === 'done' ? null : new StudioError({ code: 'internal', detail, billing: rest.billing }).report,
  }));

test('for every mixture the parts add up, and no bill is hidden or invented', () => {
  fc.assert(
    fc.property(fc.array(anyRequest, { minLength: 2, maxLength: 10 }), (requests) => {
      const counts = countOutcomes(requests);
      const sum = counts.reduce((total, { count }) => total + count, 0);
      expect(sum).toBe(requests.length);
      const { error } = jobOutcome(requests);
      if (error) {
        const heading = /(?:\d+ [a-z ]+(?:, |\.))+/u.exec(error.message)?.[0] ?? '';
        const said = [...heading.matchAll(/(\d+) [a-z]/gu)].reduce((total, [, count]) => total + Number(count), 0);
        expect(said).toBe(requests.length);
        expect(error.billing).toBe(jobBilling(requests));
      }
      for (const request of requests) {
        const outcome = requestOutcome(request);
        const mayCost = request.cost !== 0 && (request.billing !== 'none' || request.images.length > 0);
        expect(
          ['received', 'partial', 'unsaved', 'unknown-free', 'failed', 'refused', 'unsent'].includes(outcome),
        ).toBe(!mayCost);
        if (outcome === 'unsent') expect(request.images.length).toBe(0);
        if (outcome.endsWith('-billed') || outcome === 'billed')
          expect(request.billing === 'billed' || request.images.length > 0).toBe(true);
      }
    }),
  );
});

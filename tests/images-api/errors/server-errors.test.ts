import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../electron/contract/errors/errors.ts';
import { diskError } from '../../../electron/images-api/errors/answer-errors.ts';
import { errorFromResponse, type ErrorResponse } from '../../../electron/images-api/errors/server-errors.ts';
import { sanitizeText, redactKey } from '../../../electron/images-api/errors/redact.ts';
import { formatWait } from '../../../electron/contract/errors/amounts.ts';
import { readRetryAfter } from '../../../electron/images-api/headers/retry-after.ts';
import { waitInSentence } from '../../../electron/images-api/headers/wait-text.ts';
import { KEY } from '../test-calls.ts';

const refuse = (status: number, body: unknown, more: Partial<ErrorResponse> = {}) =>
  errorFromResponse({
    status,
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
    apiKey: KEY,
    ...more,
  }).report;
const error = (message: string, code: string | null = null, more: object = {}): object => ({
  error: { message, type: 'invalid_request_error', code, param: null, ...more },
});

const REFUSALS: [string, number, unknown, ErrorCode, string?][] = [
  ['moderation', 400, error('Rejected by the safety system.', 'moderation_blocked'), 'moderation-blocked'],
  ['moderation of older models', 400, error('Rejected.', 'content_policy_violation'), 'moderation-blocked'],
  [
    'an unknown parameter',
    400,
    error("Unknown parameter: 'response_format'.", 'unknown_parameter', { param: 'response_format' }),
    'request-refused',
  ],
  ['a hard limit', 400, error('Billing hard limit has been reached', 'billing_hard_limit_reached'), 'quota-exhausted'],
  ['a wrong key', 401, error('Incorrect API key provided: sk-abc***xyz', 'invalid_api_key'), 'key-refused'],
  ['payment', 402, '', 'quota-exhausted'],
  [
    'an unverified organisation',
    403,
    error('Your organization must be verified to use the model `gpt-image-2`.'),
    'organisation-unverified',
  ],
  ['a missing permission', 403, error('You have insufficient permissions for this operation.'), 'permission-denied'],
  ['a missing endpoint', 404, '<html><title>404 Not Found</title></html>', 'endpoint-missing'],
  ['a missing model', 404, error('The model does not exist', 'model_not_found'), 'request-refused'],
  ['a wrong method', 405, { detail: 'Method Not Allowed' }, 'endpoint-missing'],
  ['size', 413, '<html>', 'request-refused'],
  ['a list of faults', 422, { detail: [{ loc: ['body', 'prompt'], msg: 'field required' }] }, 'request-refused'],
  ['too many requests', 429, error('Rate limit reached', 'rate_limit_exceeded'), 'rate-limited'],
  ['too many requests, without a message', 429, '', 'rate-limited'],
  ['no credit', 429, error('You exceeded your current quota', 'insufficient_quota'), 'quota-exhausted'],
  ['a failure', 500, error('The server had an error'), 'server-failed', 'possible'],
  ['a gateway', 502, '<html><body>Bad gateway</body></html>', 'server-failed', 'possible'],
  ['a gateway that gave up', 504, '', 'server-failed', 'possible'],
  ['an odd status', 418, { error: 'I am a teapot' }, 'request-refused'],
  ['a redirect', 302, '', 'endpoint-missing'],
];

describe('error responses', () => {
  test.each(REFUSALS)('%s', (_name, status, body, code, billing = 'none') => {
    const report = refuse(status, body, { headers: { 'x-request-id': 'req_7' } });
    expect(report).toMatchObject({ code, billing, server: { status, requestId: 'req_7' } });
    expect(report.message).toMatch(/^[A-Z].{50,}\.$/su);
    expect(report.message).not.toMatch(/!|please|null|undefined/iu);
  });

  test.each<[unknown, string]>([
    [{ error: { message: 'one' } }, 'one'],
    [{ error: 'two' }, 'two'],
    [{ detail: 'three' }, 'three'],
    [{ detail: { message: 'four' } }, 'four'],
    [{ message: 'five', code: 5 }, 'five'],
    ['<html><head><title> six\n</title></head><body>x</body></html>', 'six'],
    ['<html><style>a{}</style><body><h1>seven</h1> up</body></html>', 'seven up'],
    ['eight', 'eight'],
    ['', ''],
    ['[]', '[]'],
    ['{"error":{}}', ''],
  ])('have the message of %j', (body, message) => expect(refuse(400, body).server?.message).toBe(message));

  test('keep the violations of a moderation error', () => {
    const body = error('Your request was rejected.', 'moderation_blocked', {
      safety_violations: ['violence', 'self-harm'],
    });
    expect(refuse(400, body).server?.message).toBe(
      'Your request was rejected. safety_violations=[violence, self-harm]',
    );
  });

  test('are read with any value among the violations', () => {
    const odd = { toString: null, valueOf: null };
    const report = refuse(400, error('Rejected.', 'moderation_blocked', { safety_violations: ['gore', odd] }));
    expect(report).toMatchObject({ code: 'moderation-blocked', billing: 'none' });
    expect(report.server?.message).toContain('safety_violations=[gore, {');
  });

  test('name the invalid field', () => {
    expect(refuse(400, error('Too big.', 'invalid_value', { param: 'size' }))).toMatchObject({
      field: 'size',
      message: 'The server refused the request because of “size”: Too big. Change it and retry. Not billed.',
      server: { code: 'invalid_value', param: 'size', type: 'invalid_request_error' },
    });
  });

  test('ask for a missing key', () => {
    expect(refuse(401, '', { apiKey: null }).code).toBe('key-missing');
  });

  test('say how long to wait', () => {
    const report = refuse(429, '', { headers: { 'retry-after': '20' } });
    expect(report.message).toContain('Retry in 20 seconds.');
    expect(report.server?.retryAfterMs).toBe(20_000);
  });

  test('name the target of a redirect, without its query', () => {
    const report = refuse(307, '', { headers: { location: 'https://new.test/v1/images?token=secret' } });
    expect(report.message).toContain('https://new.test/v1/images;');
    expect(JSON.stringify(report)).not.toContain('secret');
  });

  test('of a redirect may be billed only for status 303', () => {
    const billing = (status: number): string => refuse(status, '', { headers: { location: '/result' } }).billing;
    expect([301, 302, 303, 307, 308].map(billing)).toEqual(['none', 'none', 'possible', 'none', 'none']);
  });

  test('keep Azure’s request id', () => {
    expect(refuse(500, '', { headers: { 'apim-request-id': 'abc' } }).server?.requestId).toBe('abc');
  });
});

describe('retry-after', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  test.each<[Record<string, string>, number | undefined]>([
    [{}, undefined],
    [{ 'retry-after': '3' }, 3000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:10 GMT' }, 10_000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 11:00:10 GMT' }, -3_590_000],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '9', 'retry-after-ms': '1500' }, 1500],
    [{ 'x-ratelimit-reset-requests': '6m0s', 'x-ratelimit-reset-tokens': '20ms' }, 360_000],
    [{ 'x-ratelimit-reset-requests': '1h1.5s', 'retry-after': '1' }, 1000],
    [{ 'x-ratelimit-reset-requests': 'never' }, undefined],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '-5' }, -5000],
    [{ 'retry-after': '2026-11-22T12:00:30Z' }, 30_000],
    [{ 'retry-after': '2026-11-22 12:00:30' }, 30_000],
    [{ 'retry-after': `${now / 1000 + 8}` }, 8000],
    [{ 'retry-after': 'PT1M30S' }, 90_000],
    [{ 'retry-after': '30 seconds' }, 30_000],
    [{ 'retry-after': 'soon', 'x-ratelimit-reset': '4' }, 4000],
    [{ 'retry-after-ms': '250.5' }, 250.5],
    [{ 'x-ratelimit-reset': `${now / 1000 + 8}` }, 8000],
    [{ 'x-ratelimit-reset': `${now / 1000 + 8.25}` }, 8250],
    [{ 'x-ratelimit-reset': `${now + 8000}` }, 8000],
    [{ 'x-ratelimit-reset': `${now + 8000}000` }, 8000],
    [{ 'x-rate-limit-reset': 'Sun, 22 Nov 2026 12:00:08 GMT' }, 8000],
    [{ 'x-ratelimit-reset-tokens': '1m30s' }, 90_000],
    [{ 'x-ratelimit-reset-tokens': '120ms' }, 120],
    [{ 'x-ratelimit-reset-tokens': '6h0m0s' }, 21_600_000],
    [{ 'ratelimit-reset': '50' }, 50_000],
    [{ ratelimit: 'limit=100, remaining=0, reset=50' }, 50_000],
    [{ ratelimit: '"default";r=0;t=50' }, 50_000],
    // Only one limit is exhausted; the other resets at midnight.
    [
      {
        'x-ratelimit-remaining-requests': '90',
        'x-ratelimit-reset-requests': '11h',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '20s',
      },
      20_000,
    ],
    [{ 'x-ratelimit-reset-requests': '11h', 'x-ratelimit-reset-tokens': '20s' }, 20_000],
    [{ 'x-ratelimit-reset-requests': '11h' }, 39_600_000],
    // The server's clock is two hours ahead of ours.
    [{ 'retry-after': 'Sun, 22 Nov 2026 14:00:10 GMT', date: 'Sun, 22 Nov 2026 14:00:00 GMT' }, 10_000],
    [{ 'x-ratelimit-reset': `${now / 1000 + 7208}`, date: 'Sun, 22 Nov 2026 14:00:00 GMT' }, 8000],
    [{ 'retry-after': '7', date: 'Sun, 22 Nov 2026 14:00:00 GMT' }, 7000],
    [{ 'retry-after': 'Sun, 22 Nov 2026 12:00:10 GMT', date: 'nonsense' }, 10_000],
    [{ 'retry-after': '9'.repeat(400) }, 36_500 * 86_400_000],
    [{ 'x-ratelimit-reset-requests': `${'9'.repeat(400)}h` }, 36_500 * 86_400_000],
  ])('%j', (headers, expected) => expect(readRetryAfter(headers, now)).toBe(expected));

  test.each<[string, number | undefined]>([
    ['Rate limit reached. Please try again in 20s.', 20_000],
    ['Please retry after 6m0.5s', 360_500],
    ['Try again in 8760 hours.', 8760 * 3_600_000],
    ['You must wait 2 minutes and 30 seconds before the next request', 150_000],
    ['The quota resets in 1h', 3_600_000],
    ['Limit: 5 requests per 1 minute', undefined],
    ['You sent 100 requests in 24 hours.', undefined],
    ['Try again later.', undefined],
  ])('a wait in “%s”', (text, wait) => expect(waitInSentence(text)).toBe(wait));

  test('a text counts where no header does, and where it tells of many hours', () => {
    const wait = (message: string, headers = {}): number | undefined =>
      refuse(429, JSON.stringify({ error: { message } }), { headers }).server?.retryAfterMs;
    expect(wait('Please try again in 20s.')).toBe(20_000);
    expect(wait('Please try again in 20s.', { 'retry-after': '3' })).toBe(3000);
    expect(wait('Try again in 8760 hours.', { 'retry-after': '3' })).toBe(8760 * 3_600_000);
  });

  test.each([
    [1, '1 second'],
    [119_000, '119 seconds'],
    [360_000, '6 minutes'],
    [7_200_000, '2 hours'],
  ])('%d ms as text', (milliseconds, words) => expect(formatWait(milliseconds)).toBe(words));
});

describe('the key is removed', () => {
  const key = fc.stringMatching(/^sk-[A-Za-z0-9_+/.~-]{8,60}$/u);
  const around = fc.string({ maxLength: 20 });

  test('in every encoding that a server may echo', () => {
    fc.assert(
      fc.property(key, around, around, (secret, before, after) => {
        const base64 = Buffer.from(`${before}${secret}${after}`).toString('base64');
        const echo = [
          secret,
          encodeURIComponent(secret),
          Buffer.from(secret).toString('hex'),
          base64,
          Buffer.from(`Bearer ${secret}`).toString('base64url'),
        ];
        const text = redactKey(echo.join(' | '), secret);
        expect(text).not.toContain(secret);
        expect(text.toLowerCase()).not.toContain(Buffer.from(secret).toString('hex'));
        expect(Buffer.from(base64, 'base64').toString()).toContain(secret);
        expect(text).not.toContain(base64);
      }),
    );
  });

  test('in a complete error response', () => {
    const body = error(`Bad key ${KEY}, that is ${Buffer.from(`Bearer ${KEY}`).toString('base64')}`, KEY, {
      param: KEY,
    });
    const text = JSON.stringify(
      refuse(400, body, { headers: { 'x-request-id': KEY, location: `https://x.test/${KEY}` } }),
    );
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(Buffer.from(KEY).toString('base64').slice(4, 20));
    expect(text).toContain('[key removed]');
  });

  test('and text is sanitized and limited', () => {
    expect(sanitizeText('a\0b\u001b[31mc\nd\te', null)).toBe('ab[31mc\nd\te');
    expect(sanitizeText('x'.repeat(5000), null)).toHaveLength(2000);
    expect(sanitizeText(`${'x'.repeat(1995)}${KEY}`, KEY)).not.toContain(KEY.slice(0, 6));
    expect(redactKey('an is no key', 'is')).toBe('an is no key');
  });
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'disk-unwritable'],
  ['EROFS', 'disk-unwritable'],
  ['EIO', 'disk-unwritable'],
])('the disk error %s is %s', (code, expected) => {
  expect(diskError(Object.assign(new Error('x'), { code }))).toMatchObject({
    code: expected,
    report: { billing: 'possible' },
  });
});

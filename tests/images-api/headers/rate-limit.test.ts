import { expect, test } from 'vitest';
import { readRateLimit } from '../../../electron/images-api/headers/rate-limit.ts';
import { startRecordingServer } from '../../fakes/recording-server.ts';
import { smallPng } from '../../library/test-library.ts';
import { attempt } from '../test-calls.ts';

test.each([
  [{}, null],
  [{ 'x-ratelimit-remaining-tokens': '0', 'x-ratelimit-reset-tokens': '1s' }, null],
  [{ 'x-ratelimit-remaining-requests': '7' }, { remaining: 7, resetMs: null }],
  [{ 'x-ratelimit-reset-requests': '6m0s' }, { remaining: null, resetMs: 360_000 }],
  [
    { 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '20ms' },
    { remaining: 0, resetMs: 20 },
  ],
  [
    {
      'x-ratelimit-remaining-requests': '30',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-remaining-images': '2',
      'x-ratelimit-reset-images': '12',
    },
    { remaining: 2, resetMs: 12_000 },
  ],
  [{ 'x-ratelimit-remaining-requests': 'many', 'x-ratelimit-reset-requests': 'soon' }, null],
  [{ 'x-ratelimit-remaining-requests': '-1' }, null],
])('%j is read as %j', (headers, limit) => expect(readRateLimit(headers, 0)).toEqual(limit));

test('a call returns it', async () => {
  const body = JSON.stringify({ data: [{ b64_json: (await smallPng(21)).toString('base64') }] });
  const headers = { 'x-ratelimit-remaining-images': '0', 'x-ratelimit-reset-images': '9s' };
  const server = await startRecordingServer({ body, headers });
  const { result } = await attempt(server.baseUrl);
  await server.close();
  expect(result?.rateLimit).toEqual({ remaining: 0, resetMs: 9000 });
});

import { expect, test } from 'vitest';
import { failureMessage, receivedSummary } from '../../../renderer/progress/failure-message.ts';
import { generation, job, image } from '../state/scripted-studio.ts';

test('the first sentence is what happened; the rest stands below it', () => {
  const words = failureMessage(
    {
      code: 'timed-out',
      message: 'The server did not answer in 10 minutes. It may have been billed; it was not sent again.',
      billing: 'possible',
    },
    null,
  );
  expect(words.title).toBe('The server did not answer in 10 minutes.');
  expect(words.message).toBe('It may have been billed; it was not sent again.');
});

test('a model’s name with a full stop in it does not end the sentence', () => {
  const words = failureMessage(
    { code: 'request-refused', message: 'gpt-image-2.6-sunburst refused it. Nothing was billed.', billing: 'none' },
    null,
  );
  expect(words.title).toBe('gpt-image-2.6-sunburst refused it.');
});

test.each([
  ['none', 'Nothing was billed.'],
  ['possible', 'It may have been billed; it was not sent again.'],
  ['billed', 'The server answered, so it was billed.'],
] as const)('money is spoken of when the sentence is silent about it: %s', (billing, sentence) => {
  const words = failureMessage({ code: 'server-failed', message: 'The server failed.', billing }, null);
  expect([words.title, words.message]).toEqual(['The server failed.', sentence]);
});

test('the server’s own words and its request id are at hand', () => {
  const server = { status: 403, code: 'unverified', message: 'Verify first.', requestId: 'req_71fe' };
  const { details } = failureMessage({ code: 'permission-denied', message: 'No.', billing: 'none', server }, null);
  expect(details).toEqual({
    heading: 'Server message · 403 · unverified',
    text: 'Verify first.',
    id: 'req_71fe',
  });
});

test('what arrived is counted', () => {
  const four = job(1, {
    generations: [generation(1, { images: [image(1)] }), generation(2), generation(3), generation(4)],
  });
  four.request.parameters = { ...four.request.parameters, n: 4 };
  expect(receivedSummary(four)).toBe('1 of 4 images received and saved.');
  expect(receivedSummary(job(1))).toBe('');
});

test('a server that said nothing has no heading over its words, and nothing at all to show without an id', () => {
  const report = { code: 'answer-empty', message: 'It answered with nothing.', billing: 'possible' } as const;
  expect(failureMessage({ ...report, server: { status: 200 } }, 1).details).toBeUndefined();
  expect(failureMessage({ ...report, server: { status: 200, requestId: 'req_1' } }, 1).details).toEqual({
    id: 'req_1',
  });
});

import { expect, test } from 'vitest';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { failureMessage, receivedNote, receivedSummary } from '../../../renderer/progress/failure-message.ts';
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
  ['none', 'Not billed.'],
  ['possible', 'It may have been billed, so it won’t be sent again automatically.'],
  ['billed', 'Billed.'],
] as const)('a report with a detail says what is known about billing: %s', (billing, sentence) => {
  const { report } = new StudioError({ code: 'server-failed', detail: { kind: 'failed-midway' }, billing });
  expect(failureMessage(report, null, '1 partial image received and saved.')).toMatchObject({
    title: 'The server reported an error while it was working.',
    message: `See Details for the server’s message. ${sentence} 1 partial image received and saved.`,
  });
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

test('what arrived is not counted twice', () => {
  const done = generation(1, { state: 'done', billing: 'billed', images: [image(1)] });
  const failed = generation(2, { state: 'failed', billing: 'none', sentAt: 1 });
  expect(receivedNote(job(1, { generations: [done, failed] }))).toBe('');
  const one = generation(3, { state: 'failed', billing: 'billed', n: 2, sentAt: 1, images: [image(1)] });
  expect(receivedNote(job(1, { generations: [one, failed] }))).toMatch(/received and saved/u);
  expect(receivedNote(job(1, { generations: [one] }))).toMatch(/received and saved/u);
});

test('a server that said nothing has no heading over its words, and nothing at all to show without an id', () => {
  const report = { code: 'answer-empty', message: 'It answered with nothing.', billing: 'possible' } as const;
  expect(failureMessage({ ...report, server: { status: 200 } }, 1).details).toBeUndefined();
  expect(failureMessage({ ...report, server: { status: 200, requestId: 'req_1' } }, 1).details).toEqual({
    id: 'req_1',
  });
});

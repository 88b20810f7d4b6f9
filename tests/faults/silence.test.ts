import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { startRecordingServer, type Script, type Step } from '../fakes/recording-server.ts';
import { smallPng } from '../library/test-library.ts';
import { asked, createRequest, openTestStudio, type TestStudio } from '../studio/test-studio.ts';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';

const MINUTE = 60_000;

/* All timeouts use a fake clock; sockets, files and the database run in real time. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const answer = async (): Promise<string> =>
  JSON.stringify({ created: 1, data: [{ b64_json: (await smallPng()).toString('base64') }] });

/** A server that sends the first part of a response, then nothing until it is continued. */
async function silentServer(make: (silence: Step) => Script) {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const reached = Promise.withResolvers<undefined>();
  const silence: Step = {
    wait: async () => {
      reached.resolve(undefined);
      await promise;
    },
  };
  const server = await startRecordingServer(make(silence));
  onTestFinished(() => server.close());
  return { server, reached: reached.promise, dispatchNext: () => resolve(undefined) };
}

async function send(baseUrl: string, parameters = {}): Promise<{ studio: TestStudio; id: JobId }> {
  const studio = await openTestStudio({ baseUrl });
  const { id } = await studio.api.jobs.create(asked(createRequest('A lake', parameters)));
  return { studio, id };
}

/** Advances the fake clock minute by minute until a job has ended, with real I/O in between. */
async function passTime(ended: Promise<Job>): Promise<Job> {
  const over = { yet: false };
  void ended.finally(() => (over.yet = true));
  for (let minute = 0; minute < 40 && !over.yet; minute += 1) {
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    await vi.advanceTimersByTimeAsync(MINUTE);
  }
  return ended;
}

describe('a silent server', () => {
  test('for 15 minutes, then responds: the image is saved from one request', async () => {
    const body = await answer();
    const { server, reached, dispatchNext } = await silentServer((silence) => ({ before: [silence], body }));
    const { studio, id } = await send(server.baseUrl);
    await reached;
    await vi.advanceTimersByTimeAsync(15 * MINUTE);
    expect(await studio.api.jobs.list({})).toMatchObject([{ id, state: 'running' }]);
    dispatchNext();
    expect(await studio.ended(id)).toMatchObject({ state: 'done', error: null, generations: [{ images: [{}] }] });
    expect(server.begun).toEqual(['POST']);
  });

  test('for 15 minutes during a stream, then continues: partial image and image are saved', async () => {
    const b64 = (await smallPng()).toString('base64');
    const event = (type: string): string => `data: ${JSON.stringify({ type, b64_json: b64 })}\n\n`;
    const { server, reached, dispatchNext } = await silentServer((silence) => ({
      headers: { 'content-type': 'text/event-stream' },
      body: [event('image_generation.partial_image'), silence, event('image_generation.completed')],
    }));
    const { studio, id } = await send(server.baseUrl, { stream: true, partial_images: 1 });
    await reached;
    await vi.advanceTimersByTimeAsync(15 * MINUTE);
    dispatchNext();
    const job = await studio.ended(id);
    expect(job).toMatchObject({ state: 'done', error: null });
    expect(job.generations[0]?.partials).toHaveLength(1);
    expect(job.generations[0]?.images).toHaveLength(1);
  });

  test.each([
    ['before the response', (silence: Step): Script => ({ before: [silence] })],
    ['during the response', (silence: Step): Script => ({ body: ['{"created":1,', silence] })],
  ])('forever, %s: the request ends with an error and is not sent again', async (_name, make) => {
    const { server, reached, dispatchNext } = await silentServer(make);
    const { studio, id } = await send(server.baseUrl);
    await reached;
    const job = await passTime(studio.ended(id));
    expect(job).toMatchObject({ state: 'failed', error: { code: 'timed-out', billing: 'possible' } });
    expect(job.error?.message).toBe(
      'The server sent nothing for 16 minutes. Check the server, or try a smaller size or a lower quality. It may have been billed, so it won’t be sent again automatically.',
    );
    expect(server.begun).toEqual(['POST']);
    dispatchNext();
  });

  test('is given up after the time that the message names, not before', async () => {
    const { server, reached, dispatchNext } = await silentServer((silence) => ({ before: [silence] }));
    const { studio, id } = await send(server.baseUrl);
    await reached;
    await vi.advanceTimersByTimeAsync(16 * MINUTE - 1000);
    expect(await studio.api.jobs.list({})).toMatchObject([{ state: 'running' }]);
    await vi.advanceTimersByTimeAsync(2000);
    expect((await studio.ended(id)).error?.message).toContain('The server sent nothing for 16 minutes.');
    dispatchNext();
  });

  test('that sends comments forever ends after 30 minutes', async () => {
    const step = Promise.withResolvers<undefined>();
    const server = await startRecordingServer({
      headers: { 'content-type': 'text/event-stream' },
      body: [': keepalive\n\n', { wait: () => step.promise }],
    });
    onTestFinished(() => server.close());
    const { studio, id } = await send(server.baseUrl, { stream: true, partial_images: 0 });
    await expect.poll(() => server.begun).toEqual(['POST']);
    expect(await passTime(studio.ended(id))).toMatchObject({
      state: 'failed',
      error: { code: 'timed-out', billing: 'possible' },
    });
    step.resolve(undefined);
    expect(server.begun).toEqual(['POST']);
  });
});

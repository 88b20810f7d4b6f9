import { get, type IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import { startHost, type RunningHost } from './small-studio.ts';

let host: RunningHost;
afterEach(() => host.stop());

function listen(): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'x-emulsion-token': host.tokens.session };
    get({ host: '127.0.0.1', port: host.server.port, path: '/api/events', headers }, resolve).on('error', reject);
  });
}
async function* linesOf(response: IncomingMessage): AsyncGenerator {
  for await (const line of createInterface({ input: response })) yield JSON.parse(line) as unknown;
}
const next = async (lines: AsyncGenerator): Promise<unknown> => (await lines.next()).value;

describe('event feed', () => {
  test('sends hello, then the events in order, then heartbeats', async () => {
    host = await startHost({ heartbeatMs: 300 });
    const response = await listen();
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('application/x-ndjson; charset=utf-8');
    const lines = linesOf(response);
    expect(await next(lines)).toEqual({ type: 'hello' });
    const ids = Array.from({ length: 100 }, (_, index) => `job ${index} ä\n` as JobId);
    for (const jobId of ids) host.emit({ type: 'job-dismissed', jobId });
    const events = [];
    while (events.length < ids.length) {
      const line = await next(lines);
      if ((line as { type: string }).type === 'event') events.push(line);
    }
    expect(events).toEqual(ids.map((jobId) => ({ type: 'event', event: { type: 'job-dismissed', jobId } })));
    expect(await next(lines)).toEqual({ type: 'heartbeat' });
    response.destroy();
  });

  test('sends every event to every client', async () => {
    host = await startHost();
    const feeds = (await Promise.all([listen(), listen(), listen()])).map(linesOf);
    for (const feed of feeds) await next(feed);
    host.emit({ type: 'library' });
    for (const feed of feeds) expect(await next(feed)).toEqual({ type: 'event', event: { type: 'library' } });
  });

  test('disconnects a client that stops reading without delaying the others', async () => {
    host = await startHost();
    const sleeper = await listen();
    sleeper.pause();
    sleeper.on('error', () => undefined);
    const awake = linesOf(await listen());
    await next(awake);
    const big = 'x'.repeat(512 * 1024) as JobId;
    const dropped = vi.fn();
    sleeper.socket.once('close', dropped);
    for (let round = 0; round < 64; round++) {
      host.emit({ type: 'job-dismissed', jobId: big });
      await next(awake);
    }
    // The system's buffers hold some data; the end is visible after they are read.
    sleeper.resume();
    await expect.poll(() => dropped.mock.calls).not.toEqual([]);
    expect(sleeper.complete).toBe(false);
  });

  test('ends when the host closes, without delaying it', async () => {
    host = await startHost();
    const lines = linesOf(await listen());
    await next(lines);
    await host.server.close();
    expect((await lines.next()).done).toBe(true);
  });
});

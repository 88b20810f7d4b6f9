import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { SingleUseConnection } from '../../../electron/images-api/transport/single-use-connection.ts';
import { startRecordingServer, type RecordingServer } from '../../fakes/recording-server.ts';
import { attempt } from '../test-calls.ts';

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

/** Bytes without repeated sequences. */
function unlike(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) bytes.writeUInt32BE(Math.imul(at, 2_654_435_761) >>> 0, at);
  return bytes;
}

const open = (baseUrl: string): SingleUseConnection =>
  new SingleUseConnection({ method: 'POST', url: new URL(baseUrl), headers: {}, connectMs: 5000 });

describe('a single-use connection', () => {
  // Buffers are reused, so an error shows as bytes at the wrong position.
  test.each([
    ['at once', () => false],
    ['slowly', () => true],
    ['slowly now and then', (count: number) => count % 7 === 0],
  ])('passes every byte to a reader that reads %s', async (_name, waits) => {
    const bytes = unlike(12_000_000);
    const cuts = [1, 5, 65_535, 65_536, 262_144, 262_145, 1_000_000, 1_000_001];
    const body = [...cuts, bytes.length].map((end, index) => bytes.subarray(cuts[index - 1] ?? 0, end));
    server = await startRecordingServer({ body });
    const line = open(server.baseUrl);
    const answer = await line.request('{}');
    const hash = createHash('sha256');
    let count = 0;
    for await (const chunk of answer.body) {
      count += 1;
      if (waits(count)) for (let turns = 0; turns < 5; turns += 1) await turn();
      hash.update(chunk);
    }
    line.close();
    expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
  });

  test('pauses while there is no reader', async () => {
    const bytes = Buffer.alloc(64 * 1024 * 1024);
    server = await startRecordingServer({ body: [bytes] });
    const before = process.memoryUsage().rss;
    const line = open(server.baseUrl);
    const answer = await line.request('{}');
    const iterator = answer.body[Symbol.asyncIterator]();
    await iterator.next();
    for (let turns = 0; turns < 500; turns += 1) await turn();
    // The server's 64 MB are in this process too; there must be no second copy.
    expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
    expect(server.connections()).toBe(1);
    line.close();
    await expect.poll(() => server?.connections()).toBe(0);
  });

  test('refuses to connect a second time', async () => {
    server = await startRecordingServer({ before: [{ destroy: 'end' }] });
    const line = open(server.baseUrl);
    await expect(line.request('{}')).rejects.toThrow();
    await expect(line.request('{}')).rejects.toThrow('never sent twice');
    line.close();
    expect(server.begun).toEqual(['POST']);
  });
});

test('a large compressed response is complete', async () => {
  const image = unlike(4_000_000);
  const json = JSON.stringify({ data: [{ b64_json: image.toString('base64') }] });
  server = await startRecordingServer({ headers: { 'content-encoding': 'gzip' }, body: gzipSync(json, { level: 1 }) });
  const outcome = await attempt(server.baseUrl);
  expect(outcome.error).toBeNull();
  expect(outcome.images[0]?.equals(image)).toBe(true);
});

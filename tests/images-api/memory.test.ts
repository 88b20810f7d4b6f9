import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test } from 'vitest';
import { callImagesApi, type ReceivedImage } from '../../electron/images-api/client.ts';
import { startRecordingServer, type RecordingServer, type Step } from '../fakes/recording-server.ts';
import { connectTo, create, createFolder, sha256, sinksIn, stream } from './test-calls.ts';

/*
 * No complete event or image is in memory, neither as a string nor as bytes. The server delays the last bytes of a large response until all
 * others are on disk. A client that buffers the response has buffered it by then, which is measured after a garbage collection.
 */

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const MEGABYTE = 1024 * 1024;
const IMAGE_BYTES = 20 * MEGABYTE;
/** Twice the buffers of one connection and one file; a third of the image. */
const BOUND = 7 * MEGABYTE;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in this process's JavaScript heap, buffers and external strings. */
function held(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const image = Buffer.alloc(IMAGE_BYTES);
for (let at = 0; at < IMAGE_BYTES; at += 4) image.writeUInt32BE(Math.imul(at, 2_654_435_761) >>> 0, at);
const base64 = Buffer.from(image.toString('base64'), 'latin1');
const expected = sha256(image);

/** Bytes of the largest file in a folder. */
async function onDisk(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(path.join(folder, name))).size);
  return Math.max(0, ...(await Promise.all(sizes)));
}

test.each([
  ['an event', 'data: {"type":"image_generation.completed","b64_json":"', '","size":"1x1"}\n\n', stream],
  ['a JSON document', '{"created":1,"data":[{"b64_json":"', '","revised_prompt":"a fox"}]}', create],
  ['JSON that was encoded twice', '"{\\"data\\":[{\\"url\\":\\"data:image/png;base64,', '\\"}]}"', create],
  ['plain text', 'A fox: ![a](data:image/png;base64,', ')\n', create],
])('the image of %s is written to disk and not kept in memory', async (_name, before, after, call) => {
  const { folder, remove } = await createFolder();
  const grown: number[] = [];
  let start = Infinity;
  const measure = (share: number): Step => ({
    wait: async () => {
      // The bytes that are not on disk yet fit into the file's two buffers.
      const min = IMAGE_BYTES * share - MEGABYTE;
      await expect.poll(() => onDisk(folder), { interval: 5 }).toBeGreaterThan(min);
      grown.push(held() - start);
    },
  });
  const half = base64.length / 2;
  const body = [before, base64.subarray(0, half), measure(0.5), base64.subarray(half), measure(1), after];
  server = await startRecordingServer({ body });
  start = held();
  const images: ReceivedImage[] = [];
  await callImagesApi({
    connection: connectTo(server.baseUrl),
    call,
    openSink: sinksIn(folder),
    limits: { maxTextBytes: 2_000 },
    signal: new AbortController().signal,
    onEvent: (arrival) => {
      if (arrival.type !== 'image') return;
      grown.push(held() - start);
      images.push(arrival.image);
    },
  });
  await remove();
  expect(images).toMatchObject([{ bytes: IMAGE_BYTES, sha256: expected }]);
  expect(grown).toHaveLength(3);
  expect(Math.max(...grown)).toBeLessThan(BOUND);
});

test('the measurement detects an image as a string and as bytes', () => {
  const start = held();
  const text = base64.toString('latin1');
  expect(held() - start).toBeGreaterThan(BOUND);
  const bytes = Buffer.from(image);
  expect(held() - start).toBeGreaterThan(BOUND + text.length);
  expect(bytes.length).toBe(IMAGE_BYTES);
});

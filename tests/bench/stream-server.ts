import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/*
 * A process of its own, so that its work is not counted: answers every POST with the same streamed answer, three partial images and
 * the finished one, each of 24.6 MB of PNG bytes; below `/small/` of 24.6 KB. Prints its port.
 */

const IMAGE_BYTES = 24_600_000;
const SMALL_BYTES = 24_600;
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function makeImage(bytes: number): string {
  return Buffer.concat([PNG_SIGNATURE, randomBytes(bytes - PNG_SIGNATURE.length)]).toString('base64');
}
const shared = {
  background: 'opaque',
  created_at: 1_795_300_000,
  output_format: 'png',
  quality: 'high',
  size: '3840x2160',
};
const usage = {
  input_tokens: 10,
  input_tokens_details: { image_tokens: 0, text_tokens: 10 },
  output_tokens: 9000,
  total_tokens: 9010,
};

function event(type: string, image: string, more: object): Buffer {
  return Buffer.from(`event: ${type}\ndata: ${JSON.stringify({ type, b64_json: image, ...shared, ...more })}\n\n`);
}

function makeAnswer(bytes: number): Buffer[] {
  const image = makeImage(bytes);
  return [
    ...[0, 1, 2].map((index) => event('image_generation.partial_image', image, { partial_image_index: index })),
    event('image_generation.completed', image, { usage }),
  ];
}

const answer = makeAnswer(IMAGE_BYTES);
/** For the first call of a process, which loads and compiles what a program has loaded and compiled long since. */
const smallAnswer = makeAnswer(SMALL_BYTES);

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_bench' });
    for (const bytes of request.url?.startsWith('/small/') ? smallAnswer : answer) response.write(bytes);
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));

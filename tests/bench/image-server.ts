import { createServer } from 'node:http';
import { randomFillSync, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';

/**
 * A server that answers at once: four events of the same 3840×2160 image of noise (24.6 MB as PNG, 131 MB of SSE), and the plain
 * file beside it. Runs in a process of its own so that its work is on nobody's account. Prints its port.
 */
const width = 3840;
const height = 2160;
const noise = randomFillSync(Buffer.alloc(width * height * 3));
const png = await sharp(noise, { raw: { width, height, channels: 3 } })
  .png({ compressionLevel: 0 })
  .toBuffer();

const IEND = png.subarray(-12);
/** What all images share, cut so that its base64 needs no padding. */
const shared = png.subarray(0, Math.floor((png.length - IEND.length) / 3) * 3);
const sharedBase64 = shared.toString('base64');

/** The base64 that ends an image: a comment of its own makes its bytes, and so its hash, unlike any other's. */
function ending(): string {
  const text = Buffer.from(`tEXtComment\0${randomUUID()}`, 'latin1');
  const chunk = Buffer.alloc(text.length + 8);
  chunk.writeUInt32BE(text.length - 4, 0);
  text.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(text), text.length + 4);
  return Buffer.concat([png.subarray(shared.length, -IEND.length), chunk, IEND]).toString('base64');
}

const common = `"background":"opaque","created_at":1700000000,"output_format":"png","quality":"high","size":"${width}x${height}"`;
const usage =
  '"usage":{"input_tokens":10,"output_tokens":20,"total_tokens":30,"input_tokens_details":{"image_tokens":0,"text_tokens":10}}';

const server = createServer((request, response) => {
  request.resume();
  if (request.url?.startsWith('/image.png')) {
    response
      .writeHead(200, { 'content-type': 'image/png', 'content-length': png.length, 'cache-control': 'no-store' })
      .end(png);
  } else if (request.url === '/page') {
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end('<!doctype html><title>reference</title><body></body>');
  } else if (request.method === 'POST') {
    request.on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_bench' });
      for (const index of [0, 1, 2]) {
        const name = 'image_generation.partial_image';
        response.write(`event: ${name}\ndata: {"type":"${name}","partial_image_index":${index},${common},"b64_json":"`);
        response.write(sharedBase64);
        response.write(`${ending()}"}\n\n`);
      }
      const name = 'image_generation.completed';
      response.write(`event: ${name}\ndata: {"type":"${name}",${common},${usage},"b64_json":"`);
      response.write(sharedBase64);
      response.end(`${ending()}"}\n\n`);
    });
  } else {
    response.writeHead(404).end();
  }
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' && address ? address.port : 0);
});
process.once('disconnect', () => process.exit());

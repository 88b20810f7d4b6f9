import { pipeline } from 'node:stream/promises';
import { createDeflateRaw } from 'node:zlib';

/** Content as deflate stores it (RFC 1951). @throws what the parts throw */
export async function* deflated(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = createDeflateRaw();
  const fed = pipeline(parts, stream);
  // Its error reaches the reader through the stream.
  fed.catch(() => undefined);
  yield* stream as AsyncIterable<Buffer>;
  await fed;
}

import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { header } from '../headers/response-headers.ts';
import type { HttpResponse } from './single-use-connection.ts';

/** The decompressed body. Requests don't ask for compression, but some proxies and file stores compress every response. */
export function decompress({ headers, body }: HttpResponse): AsyncIterable<Buffer> {
  const coding = (header(headers, 'content-encoding') ?? '').trim().toLowerCase();
  const create = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    coding
  ];
  if (!create) return body;
  // pipeline passes an error of either stream to the reader.
  return pipeline(Readable.from(copies(body)), create(), () => undefined);
}

/** Copies, because the decompressor may still use a chunk when it requests the next one. */
async function* copies(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of body) yield Buffer.from(chunk);
}

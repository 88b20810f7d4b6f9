import { pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { header } from '../headers/response-headers.ts';
import type { HttpResponse } from './single-use-connection.ts';

/** A body as it was before it was compressed: nobody asked for that, but some proxies and file stores compress whatever passes. */
export function decompress({ headers, body }: HttpResponse): AsyncIterable<Buffer> {
  const coding = (header(headers, 'content-encoding') ?? '').trim().toLowerCase();
  const create = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress }[
    coding
  ];
  if (!create) return body;
  // An error of either end reaches whoever reads the other end.
  return pipeline(Readable.from(copies(body)), create(), () => undefined);
}

/** The decompressor may still read a chunk when it asks for the next one. */
async function* copies(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, void> {
  for await (const chunk of body) yield Buffer.from(chunk);
}

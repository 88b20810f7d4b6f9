import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { GenerationIdSchema, ImageIdSchema, Sha256Schema } from '../../contract/entities/ids.ts';
import { errorCode } from '../../disk/error-code.ts';
import type { Log } from '../../contract/errors/errors.ts';
import { locateFiles, type ImageFileRef, type Library } from '../../library/library.ts';
import { resolveShown } from './resolve-shown.ts';
import { serveHeatMap } from './serve-heat-map.ts';
import { servePng } from './serve-png.ts';
import { serveQuarantined } from './serve-quarantined.ts';

const PATH = /^\/images\/(?:(original)\/([0-9a-f-]{36})|partial\/([0-9a-f-]{36})\/(\d{1,2}))$/u;
const SMALL_PATH = /^\/images\/(preview|thumbnail)\/([0-9a-f-]{36})(?:\/([0-9a-f]{16}))?$/u;
/** Files up to this size are read whole, bytes: streams cost more than the bytes of a thumbnail. */
const SMALL_FILE = 256 * 1024;
const INPUT_PATH = /^\/images\/(input|input-thumbnail)\/([0-9a-f]{64})$/u;

/**
 * Serves GET and HEAD of `/images/original/<image>`, `/preview/<image>`, `/thumbnail/<image>`, `/partial/<generation>/<index>` and
 * `/heat/<image>`, and GET of `/images/png/<image>` (the image rendered as PNG) and `/images/shown/<image>` (one of the two, see
 * {@link resolveShown}), for both hosts. Previews and thumbnails show the masked
 * result; an address that ends in the first 16 digits of its hash never changes its content. Paths hold ids only, so no part of a
 * request is used as a path. A file that does not exist is 404; any other error is logged and returned as 500. Does not reject.
 */
export async function serveImage(library: Library, asked: Request, log: Log): Promise<Response> {
  try {
    const request = await resolveShown(library, asked);
    return (
      (await servePng(library, request, log)) ??
      (await serveHeatMap(library, request, log)) ??
      (await serveQuarantined(library, request, log)) ??
      (await serveFile(library, request, log))
    );
  } catch (thrown) {
    log('An image could not be served', thrown);
    return emptyResponse(500);
  }
}

async function serveFile(library: Library, request: Request, log: Log): Promise<Response> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return emptyResponse(405, { allow: 'GET, HEAD' });
  const wanted = parseImagePath(new URL(request.url).pathname);
  const found = wanted ? await openFirst(locateFiles(library, wanted), log) : { status: 404 };
  if ('status' in found) return emptyResponse(found.status);

  const { file, handle } = found;
  const { size } = await handle.stat().catch(async (thrown: unknown) => {
    await handle.close();
    throw thrown;
  });
  const headers = {
    'content-type': file.mediaType,
    'content-length': String(size),
    'cache-control': file.cacheable ? 'private, max-age=31536000, immutable' : 'no-store',
    'x-content-type-options': 'nosniff',
    // An SVG opened as a document of its own must not run scripts.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  };
  if (request.method === 'HEAD') {
    await handle.close();
    return new Response(null, { headers });
  }
  if (size <= SMALL_FILE) return new Response(await readWhole(handle), { headers });
  const stream = createReadStream('', { fd: handle, highWaterMark: 256 * 1024 });
  stream.on('error', (thrown) => {
    // A client that disconnects also ends the stream with an error, but not with one of a system call.
    if ('syscall' in thrown) log('An image file could not be read', thrown);
  });
  request.signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return new Response(Readable.toWeb(stream) as ReadableStream, { headers });
}

async function readWhole(handle: FileHandle): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Opens the first file that can be opened, or returns 404 when none exists and 500 when one exists and could not be opened. */
async function openFirst<F extends { path: string }>(
  files: F[],
  log: Log,
): Promise<{ file: F; handle: FileHandle } | { status: 404 | 500 }> {
  let status: 404 | 500 = 404;
  for (const file of files) {
    try {
      return { file, handle: await open(file.path) };
    } catch (thrown) {
      if (errorCode(thrown) === 'ENOENT') continue;
      log('An image file could not be opened', thrown);
      status = 500;
    }
  }
  return { status };
}

/** The file that a URL path names, or null for any other path. */
export function parseImagePath(pathname: string): ImageFileRef | null {
  const match = PATH.exec(pathname);
  if (!match) return parseSmallPath(pathname) ?? parseInputPath(pathname);
  const [, kind, image, generation, index] = match;
  if (kind !== undefined) {
    const imageId = v.safeParse(ImageIdSchema, image);
    return imageId.success ? { kind: 'original', imageId: imageId.output } : null;
  }
  const generationId = v.safeParse(GenerationIdSchema, generation);
  return generationId.success ? { kind: 'partial', generationId: generationId.output, index: Number(index) } : null;
}

function parseSmallPath(pathname: string): ImageFileRef | null {
  const [, kind, image, strictHash] = SMALL_PATH.exec(pathname) ?? [];
  const imageId = v.safeParse(ImageIdSchema, image);
  return imageId.success ? { kind: kind as 'preview' | 'thumbnail', imageId: imageId.output, strictHash } : null;
}

function parseInputPath(pathname: string): ImageFileRef | null {
  const [, kind, hash] = INPUT_PATH.exec(pathname) ?? [];
  const sha256 = v.safeParse(Sha256Schema, hash);
  return sha256.success ? { kind: kind as 'input' | 'input-thumbnail', sha256: sha256.output } : null;
}

function emptyResponse(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { GenerationIdSchema, ImageIdSchema, Sha256Schema } from '../../contract/entities/ids.ts';
import { locateFiles, type ImageFileRef, type Library } from '../../library/library.ts';
import { serveHeatMap } from './serve-heat-map.ts';
import { servePng } from './serve-png.ts';

const PATH = /^\/images\/(?:(original)\/([0-9a-f-]{36})|partial\/([0-9a-f-]{36})\/(\d{1,2}))$/u;
const SMALL_PATH = /^\/images\/(preview|thumbnail)\/([0-9a-f-]{36})(?:\/([0-9a-f]{16}))?$/u;
const INPUT_PATH = /^\/images\/(input|input-thumbnail)\/([0-9a-f]{64})$/u;

/**
 * The answer to GET or HEAD of `/images/original/<image>`, `/preview/<image>`, `/thumbnail/<image>`, `/partial/<generation>/<index>` or
 * `/heat/<image>`, and to GET of `/images/png/<image>`, the image rendered as PNG. The small ones show what a strict mask made of an
 * image; with the first 16 digits of that one's hash behind the id, the address shows the same for ever.
 * Both hosts serve images through this. Only ids go in, so that no path of a request ever reaches the disk.
 */
export async function serveImage(library: Library, request: Request): Promise<Response> {
  const made = (await servePng(library, request)) ?? (await serveHeatMap(library, request));
  if (made) return made;
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, { allow: 'GET, HEAD' });
  const wanted = parseImagePath(new URL(request.url).pathname);
  const found = wanted && (await openFirst(locateFiles(library, wanted)));
  if (!found) return refusal(404);

  const { file, handle } = found;
  const { size } = await handle.stat();
  const headers = {
    'content-type': file.mediaType,
    'content-length': String(size),
    'cache-control': file.cacheable ? 'private, max-age=31536000, immutable' : 'no-store',
    'x-content-type-options': 'nosniff',
    // An SVG that is opened as a page of its own must stay an image.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  };
  if (request.method === 'HEAD') {
    await handle.close();
    return new Response(null, { headers });
  }
  const stream = createReadStream('', { fd: handle, highWaterMark: 256 * 1024 });
  request.signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return new Response(Readable.toWeb(stream) as ReadableStream, { headers });
}

async function openFirst<F extends { path: string }>(files: F[]): Promise<{ file: F; handle: FileHandle } | null> {
  for (const file of files) {
    const handle = await open(file.path).catch(() => null);
    if (handle) return { file, handle };
  }
  return null;
}

/** What a path asks for, or null where it is none of ours. */
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

function refusal(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store', ...headers } });
}

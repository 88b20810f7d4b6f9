import * as v from 'valibot';
import { ImageIdSchema } from '../../contract/entities/ids.ts';
import { toErrorReport, type ErrorCode, type Log } from '../../contract/errors/errors.ts';
import { readHeatMap } from '../../library/strict/heat-map.ts';
import type { Library } from '../../library/library.ts';

const PATH = /^\/images\/heat\/([0-9a-f-]{36})$/u;
/** Errors that mean that an image has no heat map. */
const NOT_FOUND = new Set<ErrorCode>([
  'not-found',
  'input-invalid',
  'file-missing',
  'unsupported-here',
  'image-undecodable',
]);

/**
 * Serves GET and HEAD of `/images/heat/<image>`: where the original response of an edit with a mask differs from its first input. The body
 * of an error is its message. Null for any other path.
 */
export async function serveHeatMap(library: Library, request: Request, log: Log): Promise<Response | null> {
  const [, image] = PATH.exec(new URL(request.url).pathname) ?? [];
  const imageId = v.safeParse(ImageIdSchema, image);
  if (!imageId.success) return null;
  const { method } = request;
  const noSniffing = { 'x-content-type-options': 'nosniff' };
  if (method !== 'GET' && method !== 'HEAD')
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD', ...noSniffing } });
  try {
    const map = new Uint8Array(await readHeatMap(library, imageId.output));
    const headers = {
      'content-type': 'image/webp',
      'content-length': String(map.length),
      // Neither the response nor the inputs of its request ever change.
      'cache-control': 'private, max-age=31536000, immutable',
    };
    return new Response(method === 'HEAD' ? null : map, { headers: { ...headers, ...noSniffing } });
  } catch (thrown) {
    const { code, message } = toErrorReport(thrown);
    const status = NOT_FOUND.has(code) ? 404 : 500;
    if (status === 500) log('A heat map could not be made', thrown);
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...noSniffing };
    return new Response(method === 'HEAD' ? null : message, { status, headers });
  }
}

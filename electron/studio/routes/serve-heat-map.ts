import * as v from 'valibot';
import { ImageIdSchema } from '../../contract/entities/ids.ts';
import { toErrorReport, type ErrorCode } from '../../contract/errors/errors.ts';
import { readHeatMap } from '../../library/strict/heat-map.ts';
import type { Library } from '../../library/library.ts';

const PATH = /^\/images\/heat\/([0-9a-f-]{36})$/u;
/** Why an image has no heat map. */
const NONE = new Set<ErrorCode>([
  'not-found',
  'input-invalid',
  'file-missing',
  'unsupported-here',
  'image-undecodable',
]);

/**
 * The answer to GET or HEAD of `/images/heat/<image>`: where the raw answer of an edit with a mask differs from its first input. A
 * refusal's body is its sentence. Null: the address asks for something else.
 */
export async function serveHeatMap(library: Library, request: Request): Promise<Response | null> {
  const [, image] = PATH.exec(new URL(request.url).pathname) ?? [];
  const imageId = v.safeParse(ImageIdSchema, image);
  if (!imageId.success) return null;
  const { method } = request;
  const sniffing = { 'x-content-type-options': 'nosniff' };
  if (method !== 'GET' && method !== 'HEAD')
    return new Response(null, { status: 405, headers: { allow: 'GET, HEAD', ...sniffing } });
  try {
    const map = new Uint8Array(await readHeatMap(library, imageId.output));
    const headers = {
      'content-type': 'image/webp',
      'content-length': String(map.length),
      // Neither an answer nor what went out with its request ever changes.
      'cache-control': 'private, max-age=31536000, immutable',
    };
    return new Response(method === 'HEAD' ? null : map, { headers: { ...headers, ...sniffing } });
  } catch (thrown) {
    const { code, message } = toErrorReport(thrown);
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...sniffing };
    return new Response(method === 'HEAD' ? null : message, { status: NONE.has(code) ? 404 : 500, headers });
  }
}

import * as v from 'valibot';
import { ImageIdSchema } from '../../contract/entities/ids.ts';
import { toErrorReport, type ErrorCode } from '../../contract/errors/errors.ts';
import type { Library } from '../../library/library.ts';
import { imageAsPng } from '../../library/images/image-as-png.ts';

const PATH = /^\/images\/png\/([0-9a-f-]{36})$/u;

const STATUS: Partial<Record<ErrorCode, number>> = {
  'not-found': 404,
  'file-missing': 404,
  'unsupported-here': 422,
  'image-undecodable': 422,
};

/**
 * The answer to GET of `/images/png/<image>`: the image rendered as PNG. A refusal's body is its sentence. Null: the address asks for
 * something else.
 */
export async function servePng(library: Library, request: Request): Promise<Response | null> {
  const [, image] = PATH.exec(new URL(request.url).pathname) ?? [];
  const imageId = v.safeParse(ImageIdSchema, image);
  if (!imageId.success) return null;
  const sniffing = { 'x-content-type-options': 'nosniff' };
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET', ...sniffing } });
  try {
    const png = await imageAsPng(library, imageId.output);
    // An original never changes, so neither does what is rendered from it.
    const headers = { 'content-type': 'image/png', 'cache-control': 'private, max-age=31536000, immutable' };
    return new Response(new Uint8Array(png), { headers: { ...headers, ...sniffing } });
  } catch (thrown) {
    const { code, message } = toErrorReport(thrown);
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...sniffing };
    return new Response(message, { status: STATUS[code] ?? 500, headers });
  }
}

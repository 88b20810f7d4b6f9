import * as v from 'valibot';
import { ImageIdSchema } from '../../contract/entities/ids.ts';
import { toErrorReport, type ErrorCode, type Log } from '../../contract/errors/errors.ts';
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
 * Serves GET of `/images/png/<image>`: the image rendered as PNG. The body of an error is its message. Null for any other path.
 */
export async function servePng(library: Library, request: Request, log: Log): Promise<Response | null> {
  const [, image] = PATH.exec(new URL(request.url).pathname) ?? [];
  const imageId = v.safeParse(ImageIdSchema, image);
  if (!imageId.success) return null;
  const noSniffing = { 'x-content-type-options': 'nosniff' };
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET', ...noSniffing } });
  try {
    const png = await imageAsPng(library, imageId.output);
    // Originals never change, so the rendered PNG doesn't either.
    const headers = { 'content-type': 'image/png', 'cache-control': 'private, max-age=31536000, immutable' };
    return new Response(new Uint8Array(png), { headers: { ...headers, ...noSniffing } });
  } catch (thrown) {
    const { code, message } = toErrorReport(thrown);
    const status = STATUS[code] ?? 500;
    if (status === 500) log('An image could not be rendered as PNG', thrown);
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...noSniffing };
    return new Response(message, { status, headers });
  }
}

import { toErrorReport, type ErrorCode, type Log } from '../../contract/errors/errors.ts';
import type { ImageIndex } from '../../library/index/image-index.ts';

const PATH = /^\/index\/([0-9a-z-]{1,64})\/shape$/u;
/** Errors after which the page asks for the view again. */
const STATUS: Partial<Record<ErrorCode, number>> = { 'view-expired': 410, 'index-loading': 503 };

/**
 * Serves GET of `/index/<view>/shape`, for both hosts, which check access before: for each image of the view, in its order, width ÷ height ×
 * 4096 as an unsigned 16-bit number, little endian. The body of an error is its message. 410: the view has expired; 503: the index is being
 * loaded. Does not reject.
 */
export async function serveViewShape(index: Pick<ImageIndex, 'ask'>, request: Request, log: Log): Promise<Response> {
  const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET', ...headers } });
  const viewId = PATH.exec(new URL(request.url).pathname)?.[1];
  if (viewId === undefined) return new Response(null, { status: 404, headers });
  try {
    const ratios = await index.ask('shape', { viewId });
    const length = String(ratios.byteLength);
    return new Response(toLittleEndian(ratios), {
      headers: { 'content-type': 'application/octet-stream', 'content-length': length, ...headers },
    });
  } catch (thrown) {
    const { code, message } = toErrorReport(thrown);
    const status = STATUS[code] ?? 500;
    if (status === 500) log('A view’s shape could not be served', thrown);
    return new Response(message, { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers } });
  }
}

function toLittleEndian(ratios: Uint16Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ratios.buffer, ratios.byteOffset, ratios.byteLength);
  const isBigEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 0;
  if (isBigEndian) Buffer.from(bytes.buffer).swap16();
  return bytes;
}

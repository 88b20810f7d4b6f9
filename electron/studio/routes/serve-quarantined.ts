import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import * as v from 'valibot';
import { QuarantineIdSchema } from '../../contract/entities/quarantine.ts';
import { toErrorReport, type Log } from '../../contract/errors/errors.ts';
import type { Library } from '../../library/library.ts';
import { quarantinePreview } from '../../library/quarantine/quarantine-preview.ts';
import { requireQuarantined } from '../../library/quarantine/quarantined-path.ts';

const PATH = /^\/images\/(quarantine|quarantine-preview)\/([0-9a-f]+)$/u;
const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/**
 * Serves GET of `/images/quarantine/<id>`, the bytes of a file of the quarantine as a download, and of `/images/quarantine-preview/<id>`, a
 * small image of it; 404 if there is none. Null for any other path.
 */
export async function serveQuarantined(library: Library, request: Request, log: Log): Promise<Response | null> {
  const [, kind, hex] = PATH.exec(new URL(request.url).pathname) ?? [];
  const id = v.safeParse(QuarantineIdSchema, hex);
  if (!id.success) return null;
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { allow: 'GET', ...HEADERS } });
  try {
    if (kind === 'quarantine') return serveBytes(requireQuarantined(library.folder, id.output), request);
    const preview = await quarantinePreview(library, id.output);
    if (!preview) return new Response(null, { status: 404, headers: HEADERS });
    const headers = { 'content-type': 'image/webp', 'content-length': String(preview.length), ...HEADERS };
    return new Response(new Uint8Array(preview), { headers });
  } catch (thrown) {
    const isGone = toErrorReport(thrown).code === 'not-found';
    if (!isGone) log('A file of the quarantine could not be shown', thrown);
    return new Response(null, { status: isGone ? 404 : 500, headers: HEADERS });
  }
}

function serveBytes({ path, stat }: ReturnType<typeof requireQuarantined>, { signal }: Request): Response {
  const stream = createReadStream(path);
  // The answer ends with it.
  stream.on('error', () => undefined);
  signal.addEventListener('abort', () => stream.destroy(), { once: true });
  return new Response(Readable.toWeb(stream) as ReadableStream, {
    headers: {
      // Never shown: nobody knows what it is.
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-length': String(stat.size),
      ...HEADERS,
    },
  });
}

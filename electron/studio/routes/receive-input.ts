import * as v from 'valibot';
import type { Outcome } from '../../contract/api.ts';
import { StudioError, toErrorReport, type ErrorReport, type Log } from '../../contract/errors/errors.ts';
import { MAX_UPLOAD_BYTES } from '../../contract/rules/input-rules.ts';
import { truncateName } from '../../library/inputs/input-files.ts';
import { addInput } from '../../library/inputs/add-input.ts';
import type { Library } from '../../library/library.ts';

/**
 * Handles `POST /inputs?name=<file name>`, whose body is the file. The response is an outcome with an `InputImage`. Used by both hosts, which
 * check access before. The name is only displayed, never used as a path.
 * @param limit in bytes, enforced while they arrive
 */
export async function receiveInput(
  library: Library,
  request: Request,
  log: Log,
  limit = MAX_UPLOAD_BYTES,
): Promise<Response> {
  if (request.method !== 'POST') return refuse(405, 'Send an input by POST. Nothing was added.', { allow: 'POST' });
  // Another site cannot send this type without a CORS preflight.
  if (request.headers.get('content-type') !== 'application/octet-stream')
    return refuse(415, 'Send an input as application/octet-stream. Nothing was added.');
  const name = fileName(new URL(request.url).searchParams.get('name') ?? '');
  const declared = v.safeParse(
    v.pipe(v.string(), v.digits(), v.transform(Number)),
    request.headers.get('content-length'),
  );
  try {
    const arriving = { body: request.body, name, limit, declared: declared.success ? declared.output : null };
    return answer(200, { ok: await addInput(library, arriving) });
  } catch (thrown) {
    const report = toErrorReport(thrown);
    if (report.code === 'internal') log('An input could not be taken in', thrown);
    return answer(statusOf(report), { error: report });
  }
}

/** The last part of a path, on one line. */
function fileName(given: string): string {
  const [last = ''] = given.split(/[/\\]/u).slice(-1);
  const shown = truncateName(last.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim());
  return shown === '' ? 'Image' : shown;
}

function statusOf({ code, field }: ErrorReport): number {
  if (code === 'input-invalid') return field === 'size' ? 413 : 422;
  return code === 'connection-lost' ? 400 : 500;
}

function refuse(status: number, message: string, headers: Record<string, string> = {}): Response {
  return answer(status, { error: new StudioError({ code: 'bad-payload', message }).report }, headers);
}

function answer(status: number, outcome: Outcome, headers: Record<string, string> = {}): Response {
  const body = JSON.stringify(outcome);
  return new Response(body, {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  });
}

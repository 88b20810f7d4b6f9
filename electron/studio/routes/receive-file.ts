import * as v from 'valibot';
import type { Outcome } from '../../contract/api.ts';
import { StudioError, toErrorReport, type ErrorReport, type Log } from '../../contract/errors/errors.ts';
import type { InputUpload } from '../../library/inputs/write-upload.ts';

/** A file that arrives from the page. */
export type Arriving = Pick<InputUpload, 'body' | 'declared'> & {
  /** What the page says about it: its name and more. */
  said: URLSearchParams;
};

/**
 * Handles `POST /inputs?name=<file name>`, whose body is a file. The response is an outcome with what `store` returns. Used by both hosts, which
 * check access before.
 */
export async function receiveFile(
  request: Request,
  log: Log,
  store: (arriving: Arriving) => Promise<unknown>,
): Promise<Response> {
  if (request.method !== 'POST') return refuse(405, 'Send a file by POST. Nothing was added.', { allow: 'POST' });
  // Another site cannot send this type without a CORS preflight.
  if (request.headers.get('content-type') !== 'application/octet-stream')
    return refuse(415, 'Send a file as application/octet-stream. Nothing was added.');
  const declared = v.safeParse(
    v.pipe(v.string(), v.digits(), v.transform(Number)),
    request.headers.get('content-length'),
  );
  const said = new URL(request.url).searchParams;
  try {
    const ok = await store({ body: request.body, declared: declared.success ? declared.output : null, said });
    return answer(200, { ok });
  } catch (thrown) {
    const report = toErrorReport(thrown);
    if (report.code === 'internal') log('A file could not be taken in', thrown);
    return answer(statusOf(report), { error: report });
  }
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

import type { Operation } from '../../contract/catalogue/parameters.ts';
import { endpointUrl } from '../request/endpoints.ts';
import type { Connection } from '../request/connection.ts';
import { readErrorBody, withExchange, type Exchange } from '../transport/exchange.ts';
import { header } from '../headers/response-headers.ts';
import { DEFAULT_LIMITS } from '../transport/limits.ts';
import { sanitizeText } from '../errors/redact.ts';
import { buildHeaders, type PreparedRequest } from '../request/build-request.ts';
import { pageText, readServerErrorBody, type ServerErrorBody } from '../errors/server-error-body.ts';

const PROBE_TIMEOUT_MS = 20_000;
const ID_HEADERS = ['x-request-id', 'apim-request-id'];

/** A server's response to a request that it should reject. */
export interface ProbeResponse {
  status: number;
  words: ServerErrorBody;
  /** The name of the header that carried a request id, or null. */
  idHeader: string | null;
  /** The status was 2xx and the body is not a web page. The body was not read. */
  accepted: boolean;
  tookMs: number;
}

interface ProbeRequestOptions {
  connection: Connection;
  signal: AbortSignal;
  limitMs?: number;
  /** For Azure, whose URLs name a deployment. */
  model: string;
}

/** Sends a request that the endpoint has to reject: `{}`, or a form with nothing but `user`. @throws StudioError */
export function sendEmptyRequest({
  operation,
  ...asking
}: ProbeRequestOptions & { operation: Operation }): Promise<ProbeResponse> {
  const { connection, model } = asking;
  const request = {
    method: 'POST',
    url: endpointUrl(connection, operation, model),
    headers: buildHeaders(connection),
  } as const;
  if (operation !== 'create') return send({ ...request, body: form([]) }, asking);
  const headers = { ...request.headers, 'content-type': 'application/json' };
  return send({ ...request, headers, body: { kind: 'json', text: '{}' } }, asking);
}

/** Sends the edits endpoint invalid images under these field names and no prompt, which cannot be processed. @throws StudioError */
export function sendFakeImages({
  fields,
  ...asking
}: ProbeRequestOptions & { fields: readonly string[] }): Promise<ProbeResponse> {
  const { connection, model } = asking;
  const url = endpointUrl(connection, 'edit', model);
  return send({ method: 'POST', url, headers: buildHeaders(connection), body: form(fields) }, asking);
}

/** Always has a `user` field, because some servers cannot parse a form without parts. */
function form(fields: readonly string[]): PreparedRequest['body'] {
  const files = fields.map((field, index) => ({
    field,
    text: 'not an image',
    fileName: `probe-${index}.png`,
    mediaType: 'image/png',
  }));
  return { kind: 'multipart', fields: [['user', 'emulsion-probe']], files };
}

async function send(
  prepared: PreparedRequest,
  { connection, signal, limitMs = PROBE_TIMEOUT_MS }: ProbeRequestOptions,
): Promise<ProbeResponse> {
  const limits = { ...DEFAULT_LIMITS, totalMs: limitMs, idleMs: limitMs, connectMs: limitMs };
  const started = performance.now();
  return withExchange(prepared, { limits, signal, proxy: connection.proxy }, async (exchange) => {
    const { status, headers } = exchange;
    const tookMs = performance.now() - started;
    const idHeader = ID_HEADERS.find((name) => header(headers, name) !== null) ?? null;
    const isPage = isWebPage(exchange);
    if (status >= 200 && status < 300 && !isPage)
      return { status, words: readServerErrorBody('', null), idHeader, accepted: true, tookMs };
    const body = await readErrorBody(exchange);
    const { apiKey } = connection;
    const said = isPage
      ? { ...readServerErrorBody('', null), message: sanitizeText(pageText(body), apiKey) }
      : readServerErrorBody(body, apiKey);
    return { status, words: said, idHeader, accepted: false, tookMs };
  });
}

/** A server that returns its home page for every URL has not created an image. */
function isWebPage({ headers }: Exchange): boolean {
  return /^text\/html/iu.test(header(headers, 'content-type') ?? '');
}

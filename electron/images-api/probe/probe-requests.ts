import type { Operation } from '../../contract/catalogue/parameters.ts';
import { endpointUrl } from '../request/endpoints.ts';
import type { Connection } from '../request/connection.ts';
import { readRefusal, withExchange, type Exchange } from '../transport/exchange.ts';
import { header } from '../headers/response-headers.ts';
import { DEFAULT_LIMITS } from '../transport/limits.ts';
import { cleanWords } from '../errors/redact.ts';
import { buildHeaders, type PreparedRequest } from '../request/build-request.ts';
import { pageText, readWords, type Words } from '../errors/server-error-body.ts';

const QUESTION_MS = 20_000;
const ID_HEADERS = ['x-request-id', 'apim-request-id'];

/** How a server answered a question that it should refuse. */
export interface Refused {
  status: number;
  words: Words;
  /** The name of the header that carried a request id, or null. */
  idHeader: string | null;
  /** It answered as if the request had been good. Nothing of that answer was read. */
  carriedOut: boolean;
  tookMs: number;
}

interface Asking {
  connection: Connection;
  signal: AbortSignal;
  limitMs?: number;
  /** For Azure, whose addresses name a deployment. */
  model: string;
}

/** Sends an endpoint what it has to refuse: `{}`, or a form that holds nothing but who asks. */
export function askEmpty({ operation, ...asking }: Asking & { operation: Operation }): Promise<Refused> {
  const { connection, model } = asking;
  const request = {
    method: 'POST',
    url: endpointUrl(connection, operation, model),
    headers: buildHeaders(connection),
  } as const;
  if (operation !== 'create') return ask({ ...request, body: form([]) }, asking);
  const headers = { ...request.headers, 'content-type': 'application/json' };
  return ask({ ...request, headers, body: { kind: 'json', text: '{}' } }, asking);
}

/** Sends the edits endpoint pictures that are none, under these names, and no prompt: never a request that can be carried out. */
export function askWithPictures({ fields, ...asking }: Asking & { fields: readonly string[] }): Promise<Refused> {
  const { connection, model } = asking;
  const url = endpointUrl(connection, 'edit', model);
  return ask({ method: 'POST', url, headers: buildHeaders(connection), body: form(fields) }, asking);
}

/** A form that holds only who asks is still a form: one without any part is refused by some servers as unreadable. */
function form(fields: readonly string[]): PreparedRequest['body'] {
  const files = fields.map((field, index) => ({
    field,
    text: 'not a picture',
    fileName: `probe-${index}.png`,
    mediaType: 'image/png',
  }));
  return { kind: 'multipart', fields: [['user', 'emulsion-probe']], files };
}

async function ask(prepared: PreparedRequest, { connection, signal, limitMs = QUESTION_MS }: Asking): Promise<Refused> {
  const limits = { ...DEFAULT_LIMITS, totalMs: limitMs, idleMs: limitMs, connectMs: limitMs };
  const started = performance.now();
  return withExchange(prepared, { limits, signal, proxy: connection.proxy }, async (exchange) => {
    const { status, headers } = exchange;
    const tookMs = performance.now() - started;
    const idHeader = ID_HEADERS.find((name) => header(headers, name) !== null) ?? null;
    const isPage = isWebPage(exchange);
    if (status >= 200 && status < 300 && !isPage)
      return { status, words: readWords('', null), idHeader, carriedOut: true, tookMs };
    const body = await readRefusal(exchange);
    const { apiKey } = connection;
    const said = isPage
      ? { ...readWords('', null), message: cleanWords(pageText(body), apiKey) }
      : readWords(body, apiKey);
    return { status, words: said, idHeader, carriedOut: false, tookMs };
  });
}

/** A page for people: what answers every address with its home page has made no picture. */
function isWebPage({ headers }: Exchange): boolean {
  return /^text\/html/iu.test(header(headers, 'content-type') ?? '');
}

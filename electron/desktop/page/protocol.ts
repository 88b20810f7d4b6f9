import type { CustomScheme } from 'electron';
import { isOwnOrigin, PAGE_HOST, PAGE_SCHEME } from './page-rules.ts';

/** Must be registered before Electron is ready. A standard, secure scheme has an origin, so that the page can be held to it. */
export const PAGE_PRIVILEGES: CustomScheme = {
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/** On every answer, beside the page's policy. What the studio sets for an image (a stricter policy) stands. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The files of the page. */
export interface PageFiles {
  /** Content security policy of every answer. */
  readonly policy: string;
  /** The file at an address of the page, or null. */
  read(url: URL): Promise<{ body: Uint8Array<ArrayBuffer>; mediaType: string } | null>;
}

export interface PageSource {
  page: PageFiles;
  serveImage(request: Request): Promise<Response>;
  receiveInput(request: Request): Promise<Response>;
}

/**
 * Answers `app://emulsion/…`: the page's files, and `/images/…` from the studio. GET and HEAD, and POST of a file to `/inputs`, nothing else.
 */
export function createPageHandler(source: PageSource): (request: Request) => Promise<Response> {
  const headers = { 'content-security-policy': source.page.policy, ...HEADERS };
  const answer: Answer = (body, init) => withHeaders(headers, body, init);
  return async (request) => {
    const url = new URL(request.url);
    if (url.host !== PAGE_HOST) return answer(null, { status: 404 });
    if (url.pathname === '/inputs' && request.method === 'POST') return receive(source, request, answer);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    if (url.pathname.startsWith('/images/')) {
      const image = await source.serveImage(request);
      return answer(image.body, { status: image.status, headers: image.headers });
    }
    const file = await source.page.read(url);
    if (!file) return answer(null, { status: 404 });
    return answer(request.method === 'HEAD' ? null : file.body, {
      headers: { 'content-type': file.mediaType, 'content-length': String(file.body.byteLength) },
    });
  };
}

type Body = ConstructorParameters<typeof Response>[0];
interface Init {
  status?: number;
  headers?: Headers | Record<string, string>;
}
type Answer = (body: Body, init: Init) => Response;

/** A file of our own page. A page of another origin would say so, and could not name that type of content without asking first. */
async function receive(source: PageSource, request: Request, answer: Answer): Promise<Response> {
  const origin = request.headers.get('origin');
  if (origin !== null && !isOwnOrigin(origin)) return answer(null, { status: 403 });
  const taken = await source.receiveInput(request);
  return answer(taken.body, { status: taken.status, headers: taken.headers });
}

/** The given headers are set where the answer has none of that name. */
function withHeaders(defaults: Readonly<Record<string, string>>, body: Body, init: Init): Response {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  return new Response(body, { status: init.status ?? 200, headers });
}

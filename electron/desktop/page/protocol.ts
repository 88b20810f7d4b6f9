import type { CustomScheme } from 'electron';
import { isOwnOrigin, PAGE_HOST, PAGE_SCHEME } from './page-rules.ts';

/** Must be registered before Electron is ready. A standard, secure scheme gives the page an origin that can be checked. */
export const PAGE_PRIVILEGES: CustomScheme = {
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/** Headers of every response, besides the content security policy. A stricter policy set by the studio for an image is kept. */
const HEADERS: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** The page's files. */
export interface PageFiles {
  /** Content security policy of every response. */
  readonly policy: string;
  /** Returns the file at a URL of the page, or null. */
  read(url: URL): Promise<{ body: Uint8Array<ArrayBuffer>; mediaType: string } | null>;
}

export interface PageSource {
  page: PageFiles;
  serveImage(request: Request): Promise<Response>;
  serveViewShape(request: Request): Promise<Response>;
  receiveInput(request: Request): Promise<Response>;
}

/**
 * Returns the handler of `app://emulsion/…`: GET and HEAD of the page's files and of `/images/…` and `/index/…` from the studio, and POST of
 * a file to `/inputs`.
 */
export function createPageHandler(source: PageSource): (request: Request) => Promise<Response> {
  const headers = { 'content-security-policy': source.page.policy, ...HEADERS };
  const respond: Respond = (body, init) => withHeaders(headers, body, init);
  return async (request) => {
    const url = new URL(request.url);
    if (url.host !== PAGE_HOST) return respond(null, { status: 404 });
    if (url.pathname === '/inputs' && request.method === 'POST') return receive(source, request, respond);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return respond(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    const serve = servesBelow(source, url.pathname);
    if (serve) {
      const served = await serve(request);
      return respond(served.body, { status: served.status, headers: served.headers });
    }
    const file = await source.page.read(url);
    if (!file) return respond(null, { status: 404 });
    return respond(request.method === 'HEAD' ? null : file.body, {
      headers: { 'content-type': file.mediaType, 'content-length': String(file.body.byteLength) },
    });
  };
}

/** What the studio serves below a path; null for the page's files. */
function servesBelow(source: PageSource, pathname: string): PageSource['serveImage'] | null {
  if (pathname.startsWith('/images/')) return source.serveImage;
  return pathname.startsWith('/index/') ? source.serveViewShape : null;
}

type Body = ConstructorParameters<typeof Response>[0];
interface Init {
  status?: number;
  headers?: Headers | Record<string, string>;
}
type Respond = (body: Body, init: Init) => Response;

/**
 * Receives a file from our page. Other origins are recognized by the `Origin` header, and this content type would need a CORS preflight.
 */
async function receive(source: PageSource, request: Request, respond: Respond): Promise<Response> {
  const origin = request.headers.get('origin');
  if (origin !== null && !isOwnOrigin(origin)) return respond(null, { status: 403 });
  const taken = await source.receiveInput(request);
  return respond(taken.body, { status: taken.status, headers: taken.headers });
}

/** Adds headers that the response doesn't have. */
function withHeaders(defaults: Readonly<Record<string, string>>, body: Body, init: Init): Response {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(defaults)) if (!headers.has(name)) headers.set(name, value);
  return new Response(body, { status: init.status ?? 200, headers });
}

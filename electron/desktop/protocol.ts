import { readFile } from 'node:fs/promises';
import type { CustomScheme } from 'electron';
import { PAGE_POLICY } from '../contract/security-policy.ts';
import { isOwnOrigin, PAGE_HOST, PAGE_SCHEME } from './page-rules.ts';
import type { StaticFile } from './static-files.ts';

/** Must be registered before Electron is ready. A standard, secure scheme has an origin, so that the page can be held to it. */
export const PAGE_PRIVILEGES: CustomScheme = {
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
};

/** On every answer. What the studio sets for a picture (a stricter policy) stands. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export interface PageSource {
  files: ReadonlyMap<string, StaticFile>;
  servePicture(request: Request): Promise<Response>;
  receiveInput(request: Request): Promise<Response>;
}

/**
 * Answers `app://emulsion/…`: the built page from its list of files, and `/pictures/…` from the studio. GET and HEAD, and POST of a file
 * to `/inputs`, nothing else.
 */
export function createPageHandler(source: PageSource): (request: Request) => Promise<Response> {
  return async (request) => {
    const url = new URL(request.url);
    if (url.host !== PAGE_HOST) return answer(null, { status: 404 });
    if (url.pathname === '/inputs' && request.method === 'POST') return receive(source, request);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return answer(null, { status: 405, headers: { allow: 'GET, HEAD' } });
    if (url.pathname.startsWith('/pictures/')) {
      const picture = await source.servePicture(request);
      return answer(picture.body, { status: picture.status, headers: picture.headers });
    }
    const file = source.files.get(url.pathname);
    if (!file) return answer(null, { status: 404 });
    const body = await readFile(file.path);
    const headers = { 'content-type': file.mediaType, 'content-length': String(body.byteLength) };
    return answer(request.method === 'HEAD' ? null : body, { headers });
  };
}

/** A file of our own page. A page of another origin would say so, and could not name that type of content without asking first. */
async function receive(source: PageSource, request: Request): Promise<Response> {
  const origin = request.headers.get('origin');
  if (origin !== null && !isOwnOrigin(origin)) return answer(null, { status: 403 });
  const taken = await source.receiveInput(request);
  return answer(taken.body, { status: taken.status, headers: taken.headers });
}

function answer(
  body: ConstructorParameters<typeof Response>[0],
  init: { status?: number; headers?: Headers | Record<string, string> },
): Response {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(HEADERS)) if (!headers.has(name)) headers.set(name, value);
  return new Response(body, { status: init.status ?? 200, headers });
}

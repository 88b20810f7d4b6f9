import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { StudioError } from '../contract/errors/errors.ts';
import { sendText, requireMethod } from './responses.ts';

interface PageFile {
  body: Buffer;
  type: string;
  cacheControl: string;
  etag: string;
}

/** The page's files by URL path. Nothing else is served. */
export type Pages = ReadonlyMap<string, PageFile>;

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * Reads the built page (a few MB) into memory, so that a rebuild can't mix files of two builds.
 * @throws `file-missing`
 */
export async function readPages(folder: string): Promise<Pages> {
  const pages = new Map<string, PageFile>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const address = `/${relative(folder, path).split(sep).join('/')}`;
    const bytes = await readFile(path);
    pages.set(address, pageFile(address, address === '/index.html' ? injectTransport(bytes) : bytes));
  }
  const index = pages.get('/index.html');
  if (!index) {
    const message = 'Emulsion’s page hasn’t been built. Run npm start or npm run build.';
    throw new StudioError({ code: 'file-missing', message });
  }
  return pages.set('/', index);
}

/** Returns a page that is a single HTML document. */
export function singlePage(html: string): Pages {
  return new Map([['/', pageFile('/index.html', Buffer.from(html))]]);
}

/** Handles GET and HEAD of the page's files. */
export function servePage(request: IncomingMessage, response: ServerResponse, pages: Pages): void {
  if (!requireMethod(request, response, 'GET', 'HEAD')) return;
  const file = pages.get((request.url ?? '').split('?', 1)[0] ?? '');
  if (!file) {
    sendText(response, 404, 'Not found.');
    return;
  }
  const { body, type, cacheControl, etag } = file;
  const headers = { 'content-type': type, 'cache-control': cacheControl, etag };
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-length': body.length });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function pageFile(address: string, body: Buffer): PageFile {
  return {
    body,
    type: TYPES[extname(address).toLowerCase()] ?? 'application/octet-stream',
    // Names in /assets contain a content hash.
    cacheControl: address.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
  };
}

/** Inserts the transport before the page's own script: module scripts run in document order, so `window.studio` is set first. */
function injectTransport(html: Buffer): Buffer {
  const text = html.toString('utf8');
  const at = text.search(/<script\b/iu);
  const place = at === -1 ? text.search(/<\/head>/iu) : at;
  if (place === -1) return html;
  return Buffer.from(
    `${text.slice(0, place)}<script type="module" src="/browser-transport.js"></script>\n    ${text.slice(place)}`,
  );
}

import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { PAGE_POLICY } from '../../contract/security-policy.ts';
import type { PageFiles } from './protocol.ts';

interface StaticFile {
  /** Absolute path. */
  path: string;
  mediaType: string;
}

/** Served file types. Others, such as source maps, aren't served. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/** Used by the loopback host only; the desktop has its preload instead. */
const LOOPBACK_TRANSPORT = 'browser-transport.js';

/**
 * Returns the built page. Files are listed once, by URL path (`/` is `index.html`); requests are looked up in that list, so no request
 * text becomes part of a file path.
 */
export async function builtPage(folder: string): Promise<PageFiles> {
  const files = new Map<string, StaticFile>();
  await walk(folder, '', files);
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return {
    policy: PAGE_POLICY,
    async read({ pathname }) {
      const file = files.get(pathname);
      return file ? { body: await readFile(file.path), mediaType: file.mediaType } : null;
    },
  };
}

async function walk(folder: string, below: string, files: Map<string, StaticFile>): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const urlPath = `${below}/${encodeURIComponent(entry.name)}`;
    const path = join(folder, entry.name);
    const mediaType = MEDIA_TYPES[extname(entry.name)];
    if (entry.isDirectory()) await walk(path, urlPath, files);
    else if (entry.isFile() && mediaType !== undefined && entry.name !== LOOPBACK_TRANSPORT)
      files.set(urlPath, { path, mediaType });
  }
}

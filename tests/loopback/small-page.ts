import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const TRANSPORT = resolve(import.meta.dirname, '../../electron/loopback/browser-transport.ts');

/** Must never be served: a file next to the page's folder, reachable by path traversal. */
export const SECRET = 'a secret beside the page';

/** Writes a page like the built one, with the real transport (types stripped; it has no other imports). Returns the folder. */
export async function writePage(folder: string): Promise<string> {
  const files: Record<string, string> = {
    'index.html':
      '<!doctype html><html><head><title>Emulsion</title><script type="module" src="/assets/main-1a2b.js"></script></head><body></body></html>',
    'browser-transport.js': stripTypeScriptTypes(await readFile(TRANSPORT, 'utf8')),
    'assets/main-1a2b.js': 'window.studioWasThere = typeof window.studio?.call;',
    'assets/main-1a2b.css': 'body { color: red }',
    'assets/inter-9f.woff2': 'font',
    'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '../secret.txt': SECRET,
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

import { resolve } from 'node:path';
import { PAGE_POLICY } from '../contract/security-policy.ts';
import type { PageFiles } from './page/protocol.ts';
import { startDesktop } from './start-desktop.ts';

/*
 * The desktop entry of `npm run dev`: serves the page from the vite dev server under its usual URL. Not part of any other build.
 */

process.setSourceMapsEnabled(true);
const origin = process.env['EMULSION_DEV_SERVER'];
if (origin === undefined) throw new Error('Start the development build with npm run dev.');
startDesktop({
  openPage: async () => servedPage(origin),
  preload: resolve(import.meta.dirname, '../preload/preload.cjs'),
});

/** @param server origin of the vite dev server */
function servedPage(server: string): PageFiles {
  return {
    // Vite injects inline styles and uses a WebSocket for hot reload.
    policy: PAGE_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
      "connect-src 'self'",
      `connect-src 'self' ${server.replace(/^http/u, 'ws')}`,
    ),
    async read({ pathname, search }) {
      const accept = pathname === '/' ? 'text/html' : '*/*';
      const response = await fetch(`${server}${pathname}${search}`, { headers: { accept } });
      if (!response.ok) return null;
      const mediaType = response.headers.get('content-type') ?? 'application/octet-stream';
      return { body: new Uint8Array(await response.arrayBuffer()), mediaType };
    },
  };
}

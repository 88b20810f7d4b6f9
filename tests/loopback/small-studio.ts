import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Outcome } from '../../electron/contract/api.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { readPages } from '../../electron/loopback/page-files.ts';
import { startLoopbackServer, type LoopbackServer } from '../../electron/loopback/server.ts';
import { loadOrCreateTokens, type Tokens } from '../../electron/loopback/tokens.ts';
import { openPreferences } from '../../electron/preferences/preferences.ts';
import { writePage } from './small-page.ts';

export interface RunningHost {
  server: LoopbackServer;
  tokens: Tokens;
  folder: string;
  /** Every call that came through the gate. */
  calls: { endpoint: string; payload: unknown }[];
  /** Every request for an image that came through the gate. */
  images: Request[];
  /** The address of every upload that came through the gate. */
  uploads: string[];
  emit(event: StudioEvent): void;
  stop(): Promise<void>;
}

export interface HostOptions {
  port?: number;
  heartbeatMs?: number;
  folder?: string;
  image?: (request: Request) => Response | Promise<Response>;
  upload?: (request: Request) => Promise<Response>;
}

/**
 * The real server over real preferences and a page on disk. Only the studio behind it is small: it knows the settings' theme and
 * remembers what it was asked, so that a test sees what the gate let through.
 */
export async function startHost(wishes: HostOptions = {}): Promise<RunningHost> {
  const folder = wishes.folder ?? (await mkdtemp(join(tmpdir(), 'emulsion-loopback-')));
  const preferences = await openPreferences({ folder, cipher: null, environment: {}, demo: false });
  const tokens = await loadOrCreateTokens(folder);
  const pages = await readPages(await writePage(join(folder, 'page')));
  const listeners = new Set<(event: StudioEvent) => void>();
  const calls: RunningHost['calls'] = [];
  const images: Request[] = [];
  const uploads: string[] = [];
  const server = await startLoopbackServer({
    tokens,
    pages,
    port: wishes.port ?? 0,
    log: (sentence, thrown) => console.error(`${sentence}:`, thrown),
    ...(wishes.heartbeatMs === undefined ? {} : { heartbeatMs: wishes.heartbeatMs }),
    studio: {
      async dispatch(endpoint, payload): Promise<Outcome> {
        calls.push({ endpoint, payload });
        if (endpoint === 'settings.get') return { ok: { theme: preferences.theme } };
        return { error: { code: 'unknown-endpoint', message: 'There is no such call.', billing: 'none' } };
      },
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      async serveImage(request) {
        images.push(request);
        return wishes.image ? wishes.image(request) : new Response(null, { status: 404 });
      },
      async receiveInput(request) {
        uploads.push(request.url);
        return wishes.upload
          ? wishes.upload(request)
          : Response.json({ ok: { bytes: (await request.bytes()).length } });
      },
    },
  });
  return {
    server,
    tokens,
    folder,
    calls,
    images,
    uploads,
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    async stop() {
      await server.close();
      if (wishes.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

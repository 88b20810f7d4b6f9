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
  /** Calls accepted by the request guard. */
  calls: { endpoint: string; payload: unknown }[];
  /** Image requests accepted by the request guard. */
  images: Request[];
  /** URLs of uploads accepted by the request guard. */
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
 * The real server with real preferences and a page on disk. Only the studio is a fake: it knows the theme setting and records its calls,
 * which shows what the request guard accepted.
 */
export async function startHost(options: HostOptions = {}): Promise<RunningHost> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'emulsion-loopback-')));
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
    port: options.port ?? 0,
    log: (sentence, thrown) => console.error(`${sentence}:`, thrown),
    ...(options.heartbeatMs === undefined ? {} : { heartbeatMs: options.heartbeatMs }),
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
        return options.image ? options.image(request) : new Response(null, { status: 404 });
      },
      serveViewShape: async (request) => Response.json(new URL(request.url).pathname),
      async receiveInput(request) {
        uploads.push(request.url);
        return options.upload
          ? options.upload(request)
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
      if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

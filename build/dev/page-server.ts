import { resolve } from 'node:path';
import { createServer, type InlineConfig, type Plugin } from 'vite';
import { freePort } from './free-port.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TRANSPORT = resolve(ROOT, 'electron/loopback/browser-transport.ts').replaceAll('\\', '/');
/** Vite's own default. */
const PREFERRED_PORT = 5173;

export interface PageServer {
  /** Without a slash at the end, such as `http://127.0.0.1:5173`. */
  origin: string;
  close(): Promise<void>;
}

/**
 * Serves the page's sources with hot reload, on 127.0.0.1 only.
 * @param more of vite's options, for tests
 * @param host address of the loopback host, to which calls, images and uploads are passed on; null for the desktop, which fetches the page from here
 */
export async function startPageServer(host: string | null, more: InlineConfig = {}): Promise<PageServer> {
  const port = await freePort(PREFERRED_PORT);
  const server = await createServer({
    ...more,
    configFile: resolve(ROOT, 'build/vite.renderer.ts'),
    cacheDir: resolve(ROOT, 'node_modules/.cache/vite-dev'),
    clearScreen: false,
    logLevel: 'warn',
    plugins: host === null ? [] : [transportFirst()],
    server: {
      host: '127.0.0.1',
      port,
      strictPort: true,
      cors: false,
      fs: { allow: [ROOT] },
      // The desktop's page is at app://emulsion: without this it would look for the web socket there.
      ...(host === null ? { hmr: { protocol: 'ws', host: '127.0.0.1', clientPort: port } } : {}),
      ...(host === null ? {} : { proxy: passOn(host) }),
    },
  });
  await server.listen();
  return { origin: `http://127.0.0.1:${port}`, close: () => server.close() };
}

/** The host refuses other origins than its own. Those of this server become its own; any other stays, and is refused. */
function passOn(host: string): Record<string, object> {
  const rule = {
    target: host,
    changeOrigin: true,
    configure(proxy: {
      on(
        event: 'proxyReq',
        listener: (
          outgoing: { setHeader(name: string, value: string): void },
          incoming: { headers: { origin?: string; host?: string } },
        ) => void,
      ): void;
    }) {
      proxy.on('proxyReq', (outgoing, { headers }) => {
        if (headers.origin === `http://${headers.host ?? ''}`) outgoing.setHeader('origin', host);
      });
    },
  };
  return Object.fromEntries(['/api', '/inputs', '/images'].map((path) => [path, rule]));
}

/** On loopback the transport goes before the page's own script, as in the built page. */
function transportFirst(): Plugin {
  return {
    name: 'emulsion:transport-first',
    transformIndexHtml: {
      order: 'pre',
      handler: () => [
        { tag: 'script', attrs: { type: 'module', src: `/@fs/${TRANSPORT.replace(/^\//u, '')}` }, injectTo: 'head' },
      ],
    },
  };
}

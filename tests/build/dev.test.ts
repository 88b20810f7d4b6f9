import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as listen } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { freePort } from '../../build/dev/free-port.ts';
import { createHostProcess } from '../../build/dev/host-process.ts';
import { startPageServer } from '../../build/dev/page-server.ts';

function host(script: string) {
  const said: string[] = [];
  const ended = vi.fn<(code: number) => void>();
  const process_ = createHostProcess(
    { program: process.execPath, args: ['-e', script], environment: process.env },
    (text) => said.push(...text.trim().split('\n')),
    ended,
  );
  onTestFinished(() => process_.stop());
  return { ...process_, said, ended };
}
const STAYS = 'console.log(process.pid); setInterval(() => undefined, 1000)';

it('the host restarts after a change, once for simultaneous changes', async () => {
  const { restart, stop, said, ended } = host(STAYS);
  await restart();
  await expect.poll(() => said).toHaveLength(1);
  await Promise.all([restart(), restart(), restart()]);
  await expect.poll(() => said).toHaveLength(2);
  expect(() => process.kill(Number(said[0]), 0)).toThrow('ESRCH');
  await stop();
  expect(() => process.kill(Number(said[1]), 0)).toThrow('ESRCH');
  expect(ended).not.toHaveBeenCalled();
  await restart();
  expect(said).toHaveLength(2);
});

it('a host that exits is reported, and restarts after the next change', async () => {
  const { restart, ended, said } = host('console.log("up"); process.exitCode = 3');
  await restart();
  await expect.poll(() => ended.mock.calls).toEqual([[3]]);
  await restart();
  await expect.poll(() => ended.mock.calls).toHaveLength(2);
  await expect.poll(() => said).toEqual(['up', 'up']);
});

it('a port in use is replaced by another one', async () => {
  const blocker = listen().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  onTestFinished(() => void blocker.close());
  const { port } = blocker.address() as { port: number };
  const other = await freePort(port);
  expect(other).toBeGreaterThan(0);
  expect(other).not.toBe(port);
});

it('the page server puts the transport first, and passes on calls of its own page only under the host’s origin', async () => {
  const seen: IncomingHttpHeaders[] = [];
  const backend = createServer((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  }).listen(0, '127.0.0.1');
  await once(backend, 'listening');
  onTestFinished(() => void backend.close());
  const { port } = backend.address() as { port: number };
  const page = await startPageServer(`http://127.0.0.1:${port}`, { optimizeDeps: { noDiscovery: true } });
  onTestFinished(() => page.close());

  const html = await (await fetch(`${page.origin}/`, { headers: { accept: 'text/html' } })).text();
  expect(html.indexOf('browser-transport.ts')).toBeGreaterThan(0);
  expect(html.indexOf('browser-transport.ts')).toBeLessThan(html.indexOf('/main.ts'));

  for (const origin of [page.origin, 'http://other.example'])
    await fetch(`${page.origin}/api/settings.get`, { method: 'POST', body: '{}', headers: { origin } });
  expect(seen.map(({ origin, host: name }) => ({ origin, name }))).toEqual([
    { origin: `http://127.0.0.1:${port}`, name: `127.0.0.1:${port}` },
    { origin: 'http://other.example', name: `127.0.0.1:${port}` },
  ]);
});

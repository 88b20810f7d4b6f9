import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startDemoWorker } from '../../electron/demo-api/launch.ts';

const main = new URL('../../electron/demo-api/main.ts', import.meta.url).pathname;

/** Runs the command line to its end, or until it has printed a line if `stop` is given. */
async function run(args: string[], stop?: NodeJS.Signals): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args]);
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (stop && out.includes('\n')) child.kill(stop);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, err };
}

describe('the demo server', () => {
  it('runs in a thread and ends when it is closed', async () => {
    const worker = await startDemoWorker({ pace: 0 });
    const answer = await fetch(`${worker.baseUrl}/images/generations`, {
      method: 'POST',
      body: JSON.stringify({ model: 'gpt-image-2', prompt: 'a' }),
    });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    await worker.close();
    await expect(fetch(`${worker.baseUrl}/models`)).rejects.toThrow();
  });

  it('rejects if the thread can’t listen', async () => {
    const worker = await startDemoWorker({ pace: 0 });
    await expect(startDemoWorker({ port: Number(new URL(worker.baseUrl).port) })).rejects.toThrow('EADDRINUSE');
    await worker.close();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('says its address on the command line and ends on %s', async (signal) => {
    const { code, out, err } = await run(['--port', '0'], signal);
    expect(out).toMatch(/^Demo Images API at http:\/\/127\.0\.0\.1:\d+\/v1\n$/u);
    expect([code, err]).toEqual([0, '']);
  });

  it.each(['--port x', '--port', '--port 70000', '--colour', 'extra', '--pace=fast'])('refuses %s', async (line) => {
    const { code, out, err } = await run(line.split(' '));
    expect([code, out]).toEqual([2, '']);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain('--port N');
  });

  it('reports that its port is in use', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as { port: number };
    const { code, err } = await run(['--port', String(port)]);
    holder.close();
    expect([code, err]).toEqual([1, `Port ${port} is in use. Choose another with --port, or leave it out.\n`]);
  });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ENTRY = resolve(import.meta.dirname, '../../dist/main/loopback.js');

/** The built loopback host in its own process and home folder. */
export interface LoopbackHost {
  /** What it printed: the address with its token. */
  url: string;
  process: ChildProcess;
  /** Everything it wrote to stderr so far. */
  errors(): string;
  stop(signal?: NodeJS.Signals): Promise<void>;
}

export interface HostOptions {
  /** The folder that holds library and preferences. Stays when the host stops. */
  home: string;
  port?: number;
  args?: string[];
  environment?: Record<string, string>;
}

function spawnHost({ home, port = 0, args = [], environment = {} }: HostOptions) {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('OPENAI_')));
  return spawn(process.execPath, [ENTRY, '--no-open', '--port', String(port), ...args], {
    env: { ...inherited, EMULSION_HOME: home, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a host that must not start. @returns its exit code and output. @throws Error if it started */
export async function runLoopbackHost(options: HostOptions): Promise<{ code: number; said: string }> {
  const child = spawnHost(options);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Emulsion is at')) child.kill();
    });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  if (code === null || said.includes('Emulsion is at')) throw new Error(`The host started (${signal}): ${said}`);
  return { code, said };
}

/** Starts the host and waits for its address. @throws Error with its output if it ends instead */
export async function startLoopbackHost(options: HostOptions): Promise<LoopbackHost> {
  const child = spawnHost(options);
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const lines = createInterface({ input: child.stdout });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      const match = /^Emulsion is at (http:\/\/127\.0\.0\.1:\d+\/\S*)$/u.exec(line);
      if (match?.[1]) resolve(match[1]);
    });
    child.once('exit', (code) => reject(new Error(`The host ended with ${code}: ${errors}`)));
  });
  return {
    url,
    process: child,
    errors: () => errors,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
    },
  };
}

/** Creates an empty home folder for one test. */
export async function makeHome(): Promise<{ home: string; remove(): Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'emulsion-'));
  return { home, remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }) };
}

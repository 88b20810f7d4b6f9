import { once } from 'node:events';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { copyProject, startProject, type Started, type StartOptions } from './project-copy.ts';

const SOURCE = resolve(import.meta.dirname, '../..');
// By its address: the launcher is plain JavaScript, without declarations.
const BUILT = new URL('../../build/start/built.mjs', import.meta.url).href;
const { fingerprint } = (await import(BUILT)) as { fingerprint(root: string): string };
let root: string;
let removeRoot: () => Promise<void>;
let home: string;
const running: Started[] = [];

beforeAll(async () => {
  ({ root, remove: removeRoot } = await copyProject());
}, 60_000);
afterAll(() => removeRoot());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'emulsion-home-'));
});
afterEach(async () => {
  for (const { process: child } of running) if (child.exitCode === null) child.kill('SIGTERM');
  await Promise.all(running.splice(0).map(({ ended }) => ended));
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

function start(args: string[], options: Partial<StartOptions> = {}): Started {
  const started = startProject({ root, home, args, ...options });
  running.push(started);
  return started;
}
/** Calls settings.get like the page. */
async function settings(address: string): Promise<unknown> {
  const { origin, hash } = new URL(address);
  const headers = { 'content-type': 'application/json', 'x-emulsion-token': hash.slice(1) };
  return (await fetch(`${origin}/api/settings.get`, { method: 'POST', headers, body: '{}' })).json();
}
/** Whether a host is there. */
const answers = (origin: string): Promise<boolean> =>
  fetch(origin).then(
    () => true,
    () => false,
  );
const LOOPBACK = ['--browser', '--port', '0'];

describe('errors are reported in one line, before anything is built', () => {
  test.each([
    [['--port']],
    [['--port', 'x']],
    [['--port=70000']],
    [['--library=']],
    [['--library']],
    [['--brwser']],
    [['-x']],
    [['folder']],
    [['demo-api']],
    [['demo-api', '--port', '0']],
    [['--demo=1']],
  ])('%j ends with 2', async (args) => {
    const started = start(args, { root: SOURCE });
    expect(await started.ended).toBe(2);
    expect(started.out()).toBe('');
    expect(started.err()).toMatch(/^[^\n]{20,200}\n$/u);
  });

  test('--help shows every option', async () => {
    const started = start(['--help'], { root: SOURCE });
    expect(await started.ended).toBe(0);
    for (const option of [
      '--browser',
      '--library',
      '--demo',
      '--port',
      '--no-open',
      '--open-anyway',
      '--rebuild',
      '--restore-snapshot',
    ])
      expect(started.out()).toContain(option);
  });

  test.each(['18.20.0', '20.19.4', '22.18.0'])('Node %s is too old', async (version) => {
    const before = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
    const started = start([], { before });
    expect(await started.ended).toBe(2);
    expect(started.err()).toMatch(/^Emulsion needs Node 22\.19 or newer; this is Node [\d.]+\. [^\n]+\n$/u);
  });
});

test('every change of a source file is noticed: longer, deleted, restored', async () => {
  const file = join(root, 'electron/loopback/options.ts');
  const content = await readFile(file, 'utf8');
  // A whole second, which every file system keeps as it is.
  const time = new Date(1_700_000_000_000);
  await utimes(file, time, time);
  const before = fingerprint(root);
  expect(fingerprint(root)).toBe(before);
  await appendFile(file, '\n');
  const grown = fingerprint(root);
  await rm(file);
  const gone = fingerprint(root);
  await writeFile(file, content);
  const again = fingerprint(root);
  expect(new Set([before, grown, gone, again]).size).toBe(4);
  await utimes(file, time, time);
  expect(fingerprint(root)).toBe(before);
});

describe('in the browser', () => {
  // Files of an earlier build, and a source file with a syntax error.
  test('a syntax error is shown, and an incomplete build is never run', { timeout: 240_000 }, async () => {
    const stale = ['renderer/index.html', 'renderer/browser-transport.js', 'main/loopback.js'];
    for (const name of ['renderer', 'main']) await mkdir(join(root, 'dist', name), { recursive: true });
    for (const name of stale) await writeFile(join(root, 'dist', name), 'console.log("Emulsion is at an old build")');
    await writeFile(join(root, 'dist/built-from'), 'other sources');
    const file = join(root, 'electron/loopback/options.ts');
    const before = await readFile(file, 'utf8');
    await appendFile(file, '\nconst = broken\n');
    // The page builds, the host doesn't. A small page proves that as well as the whole one, and sooner.
    const page = join(root, 'renderer/main.ts');
    const whole = await readFile(page, 'utf8');
    await writeFile(page, 'document.title = "Emulsion";\n');
    const broken = start(LOOPBACK);
    expect(await broken.ended).toBe(1);
    expect(broken.out()).toBe('');
    expect(broken.err()).toMatch(/^Building Emulsion \(its sources changed/u);
    expect(broken.err()).toMatch(/couldn’t be built[^]+options\.ts/u);
    expect(await readFile(join(root, 'dist/renderer/index.html'), 'utf8')).toContain('<script type="module"');
    await expect(stat(join(root, 'dist/built-from'))).rejects.toThrow('ENOENT');
    // Restored; the next test starts it as after a clone.
    await writeFile(file, before);
    await writeFile(page, whole);
    await rm(join(root, 'dist'), { recursive: true });
  });

  test(
    'the first start builds once, serves and ends cleanly; the next one builds nothing and keeps the address',
    { timeout: 240_000 },
    async () => {
      // Two at once: one builds, the other waits for it, and neither empties the other's folders.
      const both = ['library', 'second'].map((name) =>
        start(['--no-open', '--port', '0', '--library', join(home, name)]),
      );
      const [address = '', beside = ''] = await Promise.all(both.map((started) => started.address));
      expect((await fetch(beside)).status).toBe(200);
      const said = both.map(({ err }) => err()).join('');
      expect(said.match(/^Building Emulsion \(first start, about 5 seconds\)$/gmu)).toHaveLength(1);
      expect(said.match(/^[^\n]+, so Emulsion opens in the browser[^\n]+$/gmu)).toHaveLength(2);
      const first = both[0]!;
      expect(first.out()).toBe(`Emulsion is at ${address}\n`);
      const page = await fetch(address);
      expect(await page.text()).toContain('/browser-transport.js');
      expect(await settings(address)).toMatchObject({
        ok: { theme: 'system', library: { folder: join(home, 'library') } },
      });
      first.process.kill('SIGTERM');
      expect(await first.ended).toBe(0);

      const second = start(['--browser', '--port', new URL(address).port, '--demo', '--library', join(home, 'other')]);
      expect(await second.address).toBe(address);
      expect(second.err()).toBe('');
      expect(await settings(address)).toMatchObject({
        ok: { profileId: 'demo', library: { folder: join(home, 'other') } },
      });
    },
  );

  test('a port in use and an open library are reported in one line', { timeout: 60_000 }, async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as { port: number };
    const taken = start(['--browser', '--port', String(port)]);
    expect(await taken.ended).toBe(1);
    expect(taken.err()).toMatch(new RegExp(`^Port ${port} is in use[^\\n]+\\n$`, 'u'));
    blocker.close();

    await start(LOOPBACK).address;
    const second = start(LOOPBACK);
    expect(await second.ended).toBe(1);
    expect(second.err()).toMatch(/^[^\n]{20,300}\n$/u);
    expect(second.err()).not.toMatch(/ {4}at |Error:/u);
  });

  test('a signal that arrives twice ends it cleanly', { timeout: 60_000 }, async () => {
    const started = start(LOOPBACK);
    await started.address;
    started.process.kill('SIGINT');
    started.process.kill('SIGINT');
    expect(await started.ended).toBe(0);
  });

  test('the host does not outlive its launcher', { timeout: 60_000 }, async () => {
    const started = start(LOOPBACK);
    const { origin } = new URL(await started.address);
    started.process.kill('SIGKILL');
    await expect.poll(() => answers(origin)).toBe(false);
  });

  test.skipIf(process.platform === 'win32')(
    'a signal to npm ends the host, although the shell does not pass it on',
    { timeout: 60_000 },
    async () => {
      const environment = { npm_lifecycle_event: 'start' };
      const started = start(LOOPBACK, { environment, shell: true });
      const { origin } = new URL(await started.address);
      started.process.kill('SIGTERM');
      await expect.poll(() => answers(origin)).toBe(false);
    },
  );

  test('keys, tokens and the log are readable by their owner only', { timeout: 60_000 }, async () => {
    const host = start(LOOPBACK);
    const { hash } = new URL(await host.address);
    // Windows has neither such modes nor a signal that a program can answer.
    if (process.platform === 'win32') return;
    const log = join(home, 'preferences/logs/browser.log');
    host.process.kill('SIGTERM');
    expect(await host.ended).toBe(0);
    const text = await readFile(log, 'utf8');
    expect(text).toMatch(
      /^\S+Z info {2}Emulsion \d+\.\d+\.\d+ started: browser, [^\n]+\n(?:[^\n]+\n)*\S+Z info {2}Emulsion ended\n$/u,
    );
    expect(text).not.toContain(hash.slice(1));
    expect((await stat(log)).mode & 0o077).toBe(0);
    expect((await stat(join(home, 'preferences'))).mode & 0o077).toBe(0);
    expect((await stat(join(home, 'preferences/browser-tokens.json'))).mode & 0o077).toBe(0);
  });
});

// The program in Electron's place is a shell script, and the rules about displays and root are Linux's.
describe.runIf(process.platform === 'linux')('the desktop app', () => {
  const seen = { DISPLAY: ':99', ELECTRON_MIRROR: 'none' };
  const before = 'process.getuid = () => 1000';
  const folder = (): string => join(root, 'node_modules/electron');

  /** An Electron package without its program; `installer` is what fetching does. */
  async function placeElectron(installer: string): Promise<void> {
    await mkdir(folder(), { recursive: true });
    await writeFile(join(folder(), 'package.json'), '{"name":"electron"}');
    await writeFile(join(folder(), 'install.js'), installer);
  }
  async function placeProgram(script: string): Promise<void> {
    await mkdir(join(folder(), 'dist'), { recursive: true });
    await writeFile(join(folder(), 'path.txt'), 'electron');
    await writeFile(join(folder(), 'dist/electron'), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder(), 'dist/electron'), 0o755);
  }
  afterEach(() => rm(folder(), { recursive: true, force: true }));

  test('opens with its options, and its exit code is returned', { timeout: 60_000 }, async () => {
    await placeElectron('');
    await placeProgram('echo "$@"; exit 7');
    const started = start(['--demo', '--library', 'x y', '--port', '1'], {
      before,
      environment: { ...seen, INIT_CWD: home },
    });
    expect(await started.ended).toBe(7);
    expect(started.out()).toBe(`${root} --library=${join(home, 'x y')} --demo\n`);
  });

  test('is downloaded first if it is missing', { timeout: 60_000 }, async () => {
    await placeElectron(`
      const fs = require('fs');
      fs.mkdirSync(__dirname + '/dist');
      fs.writeFileSync(__dirname + '/dist/electron', '#!/bin/sh\\necho window', { mode: 0o755 });
      fs.writeFileSync(__dirname + '/path.txt', 'electron');`);
    const started = start([], { before, environment: seen });
    expect(await started.ended).toBe(0);
    expect(started.out()).toBe('window\n');
    expect(started.err()).toContain('Downloading Electron from GitHub (once');
  });

  test.each([
    ['there is no display', {}, before, 'echo window', /No display was found, so Emulsion opens in the browser/],
    ['we are root', seen, 'process.getuid = () => 0', 'echo window', /Electron can’t run as root, so Emulsion opens/],
    ['it can’t be downloaded', seen, before, null, /Electron couldn’t be downloaded from GitHub, so Emulsion opens/],
    [
      'it is not downloaded in CI',
      { ...seen, CI: '1' },
      before,
      null,
      /Electron hasn’t been downloaded, so Emulsion opens/,
    ],
    ['it crashes at once', seen, before, 'kill -TRAP $$', /Electron does not start on this system, so Emulsion opens/],
  ])('is replaced by the browser if %s', { timeout: 60_000 }, async (_why, environment, preload, script, sentence) => {
    await placeElectron('process.exit(1)');
    if (script !== null) await placeProgram(script);
    const started = start(['--port', '0'], { before: preload, environment });
    await started.address;
    expect(started.err()).toMatch(sentence);
    expect(started.out()).not.toContain('window');
  });

  test('is not started with --browser', { timeout: 60_000 }, async () => {
    await placeElectron('process.exit(1)');
    await placeProgram('echo window');
    const started = start(LOOPBACK, { before, environment: seen });
    await started.address;
    expect(started.err()).toBe('');
  });
});

test('the demo server runs without the application', { timeout: 60_000 }, async () => {
  const started = start(['--port', '0'], { script: 'build/demo-api.mjs' });
  const base = (): string | undefined => /http:\/\/127\.0\.0\.1:\d+\/v1/u.exec(started.out())?.[0];
  await expect.poll(base, { timeout: 30_000 }).toBeDefined();
  const answer = await fetch(`${base()}/models`, { headers: { authorization: 'Bearer any' } });
  expect(answer.status).toBe(200);
  const { scripts } = JSON.parse(await readFile(join(SOURCE, 'package.json'), 'utf8')) as { scripts: object };
  expect(scripts).toHaveProperty(['demo-api'], 'node build/demo-api.mjs');
});

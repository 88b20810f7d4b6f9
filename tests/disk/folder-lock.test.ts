import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireFolderLock } from '../../electron/disk/folder-lock.ts';

const MODULE = resolve(import.meta.dirname, '../../electron/disk/folder-lock.ts');
/** A test that waits until a claim expires does not end in its time. */
const HOURS_MS = 10_000_000;

let folder: string;
let lock: string;
let counter: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-lock-'));
  lock = join(folder, 'lock');
  counter = join(folder, 'counter');
  await writeFile(counter, '0');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs this code with the lock's module in a process; resolves with its output. */
function run(code: string): { pid: number | undefined; ended: Promise<string> } {
  const text = `import { acquireFolderLock } from ${JSON.stringify(MODULE)}; import fs from 'node:fs/promises'; ${code}`;
  const flags = ['--disable-warning=ExperimentalWarning', '--input-type=module'];
  const child = spawn(process.execPath, [...flags, '-e', text, lock, counter], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return { pid: child.pid, ended: once(child, 'close').then(() => said) };
}

const COUNT = `
  const [lock, counter] = process.argv.slice(1);
  for (let turn = 0; turn < 40; turn += 1) {
    const release = await acquireFolderLock(lock, ${HOURS_MS});
    const now = Number(await fs.readFile(counter, 'utf8'));
    await new Promise((done) => setImmediate(done));
    await fs.writeFile(counter, String(now + 1));
    await release();
  }`;

test('processes that increment concurrently lose no count and leave no files behind', async () => {
  await Promise.all([1, 2, 3].map(() => run(COUNT).ended));
  expect(await readFile(counter, 'utf8')).toBe('120');
  expect(await readdir(folder)).toEqual(['counter']);
});

test('works within one process too', async () => {
  await Promise.all(
    Array.from({ length: 30 }, async () => {
      const release = await acquireFolderLock(lock);
      const now = Number(await readFile(counter, 'utf8'));
      await writeFile(counter, String(now + 1));
      await release();
    }),
  );
  expect(await readFile(counter, 'utf8')).toBe('30');
});

test('the lock of a killed process is free at once, for one of many', async () => {
  const dead = run(`await acquireFolderLock(process.argv[1]); process.kill(process.pid, 'SIGKILL');`);
  await dead.ended;
  expect(await readdir(lock)).toHaveLength(1);
  await Promise.all([run(COUNT).ended, run(COUNT).ended]);
  expect(await readFile(counter, 'utf8')).toBe('80');
});

test('a claim of an earlier process with our process id is ignored', async () => {
  await mkdir(lock);
  await writeFile(join(lock, `${encodeURIComponent(hostname())}~${process.pid}~before`), '');
  const release = await acquireFolderLock(lock, HOURS_MS);
  expect(await readdir(lock)).toHaveLength(1);
  await release();
});

test('a claim of another computer that is never released expires', async () => {
  await mkdir(lock);
  await writeFile(join(lock, 'elsewhere~1~long-ago'), '');
  const began = performance.now();
  const release = await acquireFolderLock(lock, 300);
  expect(performance.now() - began).toBeGreaterThan(300);
  expect(await readdir(lock)).not.toContain('elsewhere~1~long-ago');
  await release();
});

test('if the lock can’t be created, the system’s error is thrown and no file is left', async () => {
  await expect(acquireFolderLock(join(folder, 'nowhere', 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(acquireFolderLock(counter)).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(await readdir(folder)).toEqual(['counter']);
});

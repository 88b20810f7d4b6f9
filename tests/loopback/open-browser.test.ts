import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from '../../electron/loopback/open-browser.ts';

const TOKEN = 'T'.repeat(43);
const HOST = { port: 47_160, url: `http://127.0.0.1:47160/#${TOKEN}` };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion open-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('starts the browser with a private file, never with the token', async () => {
  const started: string[] = [];
  const remove = await openBrowser(HOST, folder, async (address) => started.push(address));
  expect(started).toHaveLength(1);
  expect(started[0]).toMatch(/^file:\/\/\/\S+\.html$/u);
  expect(started[0]).not.toContain(TOKEN);
  const path = fileURLToPath(started[0] ?? '');
  expect(await readFile(path, 'utf8')).toContain(`url=${HOST.url}"`);
  if (process.platform !== 'win32') expect((await stat(path)).mode & 0o777).toBe(0o600);
  await remove();
  expect(await readdir(folder)).toEqual([]);
});

test('overwrites a page left by a crash; two hosts have two pages', async () => {
  const start = (): Promise<void> => Promise.resolve();
  const removes = [
    await openBrowser({ ...HOST, url: 'http://old' }, folder, start),
    await openBrowser(HOST, folder, start),
    await openBrowser({ ...HOST, port: 1 }, folder, start),
  ];
  expect((await readdir(folder)).toSorted()).toEqual(['open-1.html', 'open-47160.html']);
  for (const remove of removes) await remove();
  expect(await readdir(folder)).toEqual([]);
});

test('ignores a failing browser and an unwritable folder', async () => {
  await (
    await openBrowser(HOST, folder, () => Promise.reject(new Error('none')))
  )();
  await writeFile(join(folder, 'file'), '');
  await (
    await openBrowser(HOST, join(folder, 'file'), () => Promise.resolve())
  )();
  expect(await readdir(folder)).toEqual(['file']);
});

test('opens no browser in CI or without a display', () => {
  expect(hasBrowser({ DISPLAY: ':0' }, 'linux')).toBe(true);
  expect(hasBrowser({}, 'linux')).toBe(false);
  expect(hasBrowser({ DISPLAY: ':0', CI: '1' }, 'linux')).toBe(false);
  expect(hasBrowser({ SSH_CONNECTION: 'x' }, 'darwin')).toBe(false);
});

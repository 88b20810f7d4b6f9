import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadOrCreateTokens, tokensEqual } from '../../electron/loopback/tokens.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-tokens-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('tokens', () => {
  test('are long, distinct, stored, and readable by their owner only', async () => {
    const tokens = await loadOrCreateTokens(folder);
    expect(tokens.session).toMatch(/^[A-Za-z0-9_-]{43}$/u);
    expect(tokens.images).not.toBe(tokens.session);
    expect(await loadOrCreateTokens(folder)).toEqual(tokens);
    const path = join(folder, 'browser-tokens.json');
    if (process.platform === 'win32') return;
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await chmod(path, 0o644);
    await loadOrCreateTokens(folder);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test.each(['', 'null', '{', '[]', '{"session":"a","images":"b"}', '{"session":""}'])(
    'replace an invalid file %j',
    async (text) => {
      const path = join(folder, 'browser-tokens.json');
      await writeFile(path, text);
      const tokens = await loadOrCreateTokens(folder);
      expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(tokens);
    },
  );

  test('are the same for concurrent first calls', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => loadOrCreateTokens(folder)));
    expect(new Set(all.map(({ session }) => session)).size).toBe(1);
    expect(await readdir(folder)).toEqual(['browser-tokens.json']);
  });

  test('a folder that can’t be created is reported in a sentence', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(loadOrCreateTokens(join(folder, 'file', 'below'))).rejects.toMatchObject({ code: 'disk-unwritable' });
  });

  test('compare equal only for the same text', () => {
    expect(tokensEqual('a', 'a')).toBe(true);
    for (const other of [undefined, '', 'A', 'aa', 'a ']) expect(tokensEqual(other, 'a')).toBe(false);
  });
});

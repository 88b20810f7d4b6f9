import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as v from 'valibot';
import { Sha256Schema } from '../../../electron/contract/entities/ids.ts';
import { writeDerived } from '../../../electron/library/files/derived-files.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { moveToOriginals } from '../../../electron/library/files/originals.ts';

/* A library folder that was moved, or whose disk was unplugged, is never created again: its place stays free for it. */

let home: string;
let folder: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'emulsion-gone-'));
  folder = join(home, 'library');
  await mkdir(join(folder, 'incoming'), { recursive: true });
  await mkdir(join(folder, 'originals'));
  await rename(folder, join(home, 'elsewhere'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

test('by a sidecar or a thumbnail', async () => {
  const path = join(folder, 'records', '2026', '11', 'one.json');
  await expect(writeDerived(folder, path, '{}')).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(folder)).toBe(false);
  await rename(join(home, 'elsewhere'), folder);
  await writeDerived(folder, path, '{}');
  expect(await readFile(path, 'utf8')).toBe('{}');
});

test('by an image that is saved from the rescue folder', async () => {
  const file = { path: join(home, 'answer-1'), bytes: 3, sha256: v.parse(Sha256Schema, 'ab'.repeat(32)) };
  await writeFile(file.path, 'png');
  const target = originalPath(folder, file.sha256, 'png');
  await expect(moveToOriginals(file, target)).rejects.toMatchObject({ code: 'ENOENT' });
  expect(existsSync(folder)).toBe(false);
  expect(await readFile(file.path, 'utf8')).toBe('png');
});

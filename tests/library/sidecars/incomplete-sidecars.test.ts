import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import type { GenerationId } from '../../../electron/contract/entities/ids.ts';
import { sidecarPath } from '../../../electron/library/files/folders.ts';
import { findIncompleteSidecars } from '../../../electron/library/sidecars/incomplete-sidecars.ts';
import { emptyFolder } from '../test-library.ts';

const AT = Date.UTC(2026, 10, 30);
const idOf = (number: number): GenerationId => `01890000-0000-7000-8000-00000000000${number}` as GenerationId;

/** Writes a file in a sidecar's place. */
function put(folder: string, number: number, content: string | Buffer): void {
  const path = sidecarPath(folder, idOf(number), AT);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

it('a sidecar is complete if it begins and ends as it was written', async () => {
  const folder = await emptyFolder();
  const whole = '{\n  "version": 1\n}\n';
  put(folder, 0, whole);
  put(folder, 1, '');
  put(folder, 2, whole.slice(0, -1));
  put(folder, 3, whole.slice(0, 8));
  put(folder, 4, Buffer.alloc(whole.length));
  put(folder, 5, `\0\0${whole.slice(2)}`);
  put(folder, 6, '\n');
  expect(findIncompleteSidecars(folder).sort()).toEqual([1, 2, 3, 4, 5, 6].map(idOf));
});

it('other files and folders are no sidecars', async () => {
  const folder = await emptyFolder();
  expect(findIncompleteSidecars(folder)).toEqual([]);
  mkdirSync(sidecarPath(folder, idOf(0), AT), { recursive: true });
  writeFileSync(join(folder, 'records', 'notes.json'), '');
  writeFileSync(join(dirname(sidecarPath(folder, idOf(0), AT)), `${idOf(0)}.before.json`), '');
  expect(findIncompleteSidecars(folder)).toEqual([]);
});

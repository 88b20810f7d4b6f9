/** Run as a process of its own: copies the library of the first argument to new folders in the second, one after another, until it is killed. */
import { existsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { copyLibrary } from '../../../electron/library/move/copy-library.ts';

const [, , folder = '', targets = ''] = process.argv;
const signal = new AbortController().signal;
for (let number = 1; ; number += 1) {
  const target = join(targets, String(number));
  if (existsSync(join(target, 'library.db'))) continue;
  writeSync(1, 'begin\n');
  await copyLibrary({ folder }, target, { signal, progress: () => undefined });
}

/** Run as a process of its own: rebuilds the library of the first argument again and again, until it is killed. */
import { writeSync } from 'node:fs';
import { rebuildLibrary } from '../../../electron/library/rebuild/rebuild-library.ts';

const [, , folder = ''] = process.argv;
for (;;) {
  writeSync(1, 'begin\n');
  await rebuildLibrary(folder, { signal: new AbortController().signal, progress: () => undefined });
  writeSync(1, 'done\n');
}

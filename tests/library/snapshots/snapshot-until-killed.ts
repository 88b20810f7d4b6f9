/** Run as a process of its own: makes snapshots of the library of the first argument, until it is killed. */
import { writeSync } from 'node:fs';
import { makeSnapshot } from '../../../electron/library/snapshots/make-snapshot.ts';

const [, , folder = ''] = process.argv;
for (let now = Date.now(); ; now += 1000) {
  writeSync(1, 'begin\n');
  await makeSnapshot(folder, { reason: 'daily', now });
}

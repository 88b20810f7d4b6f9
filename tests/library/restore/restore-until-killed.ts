/** Run as a process of its own: restores the two snapshots of its arguments in turn, again and again, until it is killed. */
import { writeSync } from 'node:fs';
import { restoreSnapshot } from '../../../electron/library/restore/restore-snapshot.ts';

const [, , folder = '', ...names] = process.argv;
const signal = new AbortController().signal;
for (;;)
  for (const name of names) {
    writeSync(1, 'begin\n');
    await restoreSnapshot(folder, name, { signal, now: Date.now(), progress: () => writeSync(1, 'step\n') });
  }

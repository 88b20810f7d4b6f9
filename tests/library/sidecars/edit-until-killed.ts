/** Run as a process of its own: changes the notes and collections of the library of the first argument, writes what is due, and makes snapshots, until it is killed. */
import { writeSync } from 'node:fs';
import { openLibrary } from '../../../electron/library/library.ts';
import { writeOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { writeLibraryRecord } from '../../../electron/library/sidecars/write-library-record.ts';
import { makeSnapshot } from '../../../electron/library/snapshots/make-snapshot.ts';
import { sharedDecoding } from '../shared-decoding.ts';

const [, , folder = ''] = process.argv;
const failed = (thrown: unknown): never => {
  throw thrown;
};
const library = await openLibrary(folder, sharedDecoding);
const { db } = library;
for (let round = 0; ; round += 1) {
  db.transaction(() => {
    db.prepare('UPDATE images SET note = ?').run(`${process.pid} ${round}`);
    db.prepare('UPDATE collections SET name = key || ? WHERE query IS NULL').run(`${process.pid} ${round}`);
    db.exec('UPDATE generations SET recorded_at = NULL; UPDATE imports SET recorded_at = NULL');
  })();
  writeSync(1, 'edited\n');
  await Promise.all([writeLibraryRecord(library), writeOutdatedSidecars(library, { failed })]);
  writeSync(1, 'written\n');
  // The clock gives each its name, also in the next process; no test looks at it.
  if (round % 5 === 4) await makeSnapshot(folder, { reason: 'manual', now: Date.now() });
}

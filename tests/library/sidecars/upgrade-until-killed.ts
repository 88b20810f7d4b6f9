/** Run as a process of its own: writes all sidecars of the library of the first argument again and again, until it is killed. */
import { writeSync } from 'node:fs';
import { openLibrary } from '../../../electron/library/library.ts';
import { writeOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { sharedDecoding } from '../shared-decoding.ts';

const [, , folder = ''] = process.argv;
const library = await openLibrary(folder, sharedDecoding);
const failed = (thrown: unknown): never => {
  throw thrown;
};
for (;;) {
  library.db.exec('UPDATE generations SET recorded_at = NULL; UPDATE imports SET recorded_at = NULL');
  writeSync(1, 'outdated\n');
  await writeOutdatedSidecars(library, { failed });
}

/** Run as a process of its own: opens the library of the first argument and does its backfill, with a line at each file that gets its name, until it is killed. */
import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { backfill } from '../../../electron/library/backfill.ts';
import { openLibrary } from '../../../electron/library/library.ts';
import { sharedDecoding } from '../shared-decoding.ts';

const [, , folder = ''] = process.argv;
const { rename } = fs;
fs.rename = async (from, to) => {
  writeSync(1, 'renaming\n');
  await rename(from, to);
  writeSync(1, 'renamed\n');
};
const failed = (thrown: unknown): never => {
  throw thrown;
};
const library = await openLibrary(folder, sharedDecoding);
await backfill(library, { failed });
for (;;) {
  writeSync(1, 'done\n');
  await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Run as a process of its own: checks and repairs the library of the first argument again and again, until it is killed. */
import { writeSync } from 'node:fs';
import { openLibrary } from '../../../electron/library/library.ts';
import { repairAll } from './repair-all.ts';

const [, , folder = ''] = process.argv;
const library = await openLibrary(folder);
for (;;) await repairAll(library, () => writeSync(1, 'repair\n'));

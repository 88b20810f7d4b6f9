/** Run as a process of its own: opens the library of the first argument, prints how that went, and stays until it is ended. */
import { toErrorReport } from '../../../electron/contract/errors/errors.ts';
import { openLibrary } from '../../../electron/library/library.ts';

const [, , folder = ''] = process.argv;
try {
  await openLibrary(folder);
  process.stdout.write('opened\n');
} catch (thrown) {
  process.stdout.write(`${toErrorReport(thrown).code}\n`);
}
// The open pipe keeps the process, and its end ends it with the test.
process.stdin.resume();

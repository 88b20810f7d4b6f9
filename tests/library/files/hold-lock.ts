/** Run as a process: opens the library of the first argument, prints the outcome, and stays until it is killed. */
import { toErrorReport } from '../../../electron/contract/errors/errors.ts';
import { openLibrary } from '../../../electron/library/library.ts';

const [, , folder = ''] = process.argv;
try {
  await openLibrary(folder);
  process.stdout.write('opened\n');
} catch (thrown) {
  process.stdout.write(`${toErrorReport(thrown).code}\n`);
}
// The open pipe keeps the process alive until the test ends.
process.stdin.resume();

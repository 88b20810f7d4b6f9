/**
 * Run as a process of its own: imports the folder of the second argument into the library of the first one, one line on stdout for each step of a
 * save, until it is killed. With a step and a number it kills itself at that step of that save.
 */
import { writeSync } from 'node:fs';
import { v7 as uuid } from 'uuid';
import type { RunId } from '../../../electron/contract/entities/ids.ts';
import { isOpen, type Run } from '../../../electron/contract/entities/runs.ts';
import { saveSteps } from '../../../electron/library/files/originals.ts';
import { Imports } from '../../../electron/library/import/imports.ts';
import { openLibrary } from '../../../electron/library/library.ts';
import { LibraryRuns } from '../../../electron/library/runs/library-runs.ts';

const [, , folder = '', chosen = '', fatalStep, fatalSave] = process.argv;
const library = await openLibrary(folder);
let saves = 0;
saveSteps.subscribe((message) => {
  const { step, file } = message as { step: string; file: { sha256: string } };
  if (step === fatalStep) saves += 1;
  // Written unbuffered: what the parent reads was reported before the process ended.
  writeSync(1, `${step} ${file.sha256}\n`);
  if (step === fatalStep && saves === Number(fatalSave)) process.kill(process.pid, 'SIGKILL');
});

const [scanId, importId] = [uuid(), uuid()] as [RunId, RunId];
const fail = (thrown: unknown): never => {
  throw thrown;
};
const runs = new LibraryRuns({ changed: (run) => void follow(run), failed: fail });
const imports = new Imports(library, runs, { added: () => undefined, named: () => undefined, failed: fail });

async function follow(run: Run): Promise<void> {
  if (isOpen(run)) return;
  if (run.id === scanId) imports.start(importId, scanId);
  if (run.id !== importId) return;
  await runs.close();
  await imports.close();
  library.close();
  writeSync(1, `ended ${JSON.stringify(run.result)}\n`);
}

imports.scan(scanId, { kind: 'paths', paths: [chosen] });

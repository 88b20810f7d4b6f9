/**
 * Run as a process of its own: saves images and partial images into the library of the first argument, one line on stdout for each that
 * is announced as saved, until it is killed. With a step and a number it kills itself at that step of that save.
 */
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import type { GenerationId, JobId, ProfileId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import { markSent } from '../../../electron/library/jobs/generations.ts';
import { savePartial, saveImage } from '../../../electron/library/images/save-image.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { recordIntent, startJob } from '../../../electron/library/jobs/jobs.ts';
import { incomingFolder, openLibrary } from '../../../electron/library/library.ts';
import { saveSteps, type ReceivedFile } from '../../../electron/library/files/originals.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';

const [, , folder = '', fatalStep, fatalSave] = process.argv;
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);
const library = await openLibrary(folder);
let saves = 0;
saveSteps.subscribe((message) => {
  const { step } = message as { step: string };
  if (step === 'pending-save-recorded') saves += 1;
  if (step === fatalStep && saves === Number(fatalSave)) process.kill(process.pid, 'SIGKILL');
});

// Written unbuffered: what the parent reads was reported before the process ended.
const announce = (line: string): void => void writeSync(1, `${line}\n`);

for (;;) {
  const jobId = uuid() as JobId;
  const generationId = uuid() as GenerationId;
  const parameters = { model: 'gpt-image-2', prompt: `an image of ${generationId}`, n: 2 };
  recordIntent(library.db, {
    id: jobId,
    request: { operation: 'create', profileId: 'demo' as ProfileId, parameters },
    profileName: 'Demo',
    baseUrl: 'http://127.0.0.1:1/v1',
    createdAt: Date.now(),
    estimate: null,
    generations: [{ id: generationId, parameters, n: 2, estimate: null }],
  });
  startJob(library.db, jobId, Date.now());
  markSent(library.db, generationId, Date.now());
  announce(`sent ${generationId}`);
  for (const position of [0, 1]) {
    const partial = arrive();
    await savePartial(library, { generationId, index: position, file: partial, at: Date.now() });
    announce(`partial ${generationId} ${position} ${partial.sha256}`);
    const file = arrive();
    const { id } = await saveImage(library, { generationId, position, file, revisedPrompt: null, at: Date.now() });
    announce(`image ${id} ${file.sha256}`);
    if (position === 0) await createThumbnails(library, id);
  }
  await writeSidecar(library, generationId);
}

/** A unique image: bytes after a PNG's end are ignored. */
function arrive(): ReceivedFile {
  const bytes = Buffer.concat([PIXEL, randomBytes(20_000)]);
  const path = join(incomingFolder(library), `${uuid()}.part`);
  writeFileSync(path, bytes);
  return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') as Sha256 };
}

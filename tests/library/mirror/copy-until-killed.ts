/** Run as a process of its own: copies the images of the library of the first argument to mirror folders in the second, until it is killed. */
import { writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openLibrary } from '../../../electron/library/library.ts';
import { mirrorImages } from '../../../electron/library/mirror/mirror-images.ts';
import { MirrorRecord } from '../../../electron/library/mirror/mirror-record.ts';
import { sharedDecoding } from '../shared-decoding.ts';

const [, , library = '', root = ''] = process.argv;
const opened = await openLibrary(library, sharedDecoding);
const control = { isStopped: () => false, progress: () => void writeSync(1, 'image\n') };
for (let round = 0; ; round += 1) {
  const folder = join(root, String(round));
  await mkdir(folder);
  await MirrorRecord.begin(folder);
  const choice = { folder, images: 'copies', names: '{prompt}' } as const;
  await mirrorImages(opened.db, { library, choice, again: false, skip: [] }, control);
}

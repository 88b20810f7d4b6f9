/** Run as a process of its own: exports all images of the library of the first argument, until it is killed. */
import { writeSync } from 'node:fs';
import { exportToFolder } from '../../../electron/library/export/export-folder.ts';
import { exportToSheet } from '../../../electron/library/export/export-sheet.ts';
import { exportToZip } from '../../../electron/library/export/export-zip.ts';
import { openLibrary } from '../../../electron/library/library.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { timelinesOf } from './controlled.ts';

const [, , library = '', folder = ''] = process.argv;
const opened = await openLibrary(library, sharedDecoding);
const control = {
  signal: new AbortController().signal,
  progress: () => void writeSync(1, 'image\n'),
  pausePoint: () => Promise.resolve(),
};
for (;;) {
  const timelines = timelinesOf(opened);
  await exportToFolder(opened, timelines, { folder, as: 'files', images: 'copies', names: '{prompt}' }, control);
  await exportToSheet(opened, timelines, { folder, as: 'sheet', images: 'originals', names: '{prompt}' }, control);
  await exportToZip(opened, timelines, { folder, as: 'zip', images: 'originals', names: '{prompt}' }, control);
}

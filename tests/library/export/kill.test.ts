import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder, savedImage, smallPng, testLibrary } from '../test-library.ts';
import { readPdf } from './sheet/read-pdf.ts';
import { zipContents } from './zip-contents.ts';

const EXPORTER = join(import.meta.dirname, 'export-until-killed.ts');
const IMAGES = 12;

it(
  `an export killed ${KILLS} times at random moments leaves whole files only, and the library as it was (seed ${SEED})`,
  async () => {
    const library = await testLibrary();
    for (let at = 0; at < IMAGES; at += 1)
      await savedImage(library, { at: 1000 + at, bytes: await smallPng(300, 200) });
    library.close();
    let [files, zips, sheets] = [0, 0, 0];
    for (const moment of randomMoments({ lines: 5 * IMAGES, ms: 30 })) {
      const folder = await emptyFolder();
      await runUntilKilled(EXPORTER, [library.folder, folder], moment);
      for (const name of await readdir(folder)) {
        // What isn't whole says so by its name.
        if (name.endsWith('.part')) continue;
        if (name.endsWith('.zip')) {
          const names = [...(await zipContents(join(folder, name))).keys()];
          expect(names.filter((entry) => entry.startsWith('images/'))).toHaveLength(IMAGES);
          zips += 1;
        } else if (name.endsWith('.pdf')) {
          const { pages } = await readPdf(join(folder, name));
          expect(pages.map(({ pictures }) => pictures)).toEqual([IMAGES]);
          sheets += 1;
        } else {
          await sharp(await readFile(join(folder, name)), { failOn: 'warning' })
            .raw()
            .toBuffer();
          files += 1;
        }
      }
      const reopened = await openLibrary(library.folder, sharedDecoding);
      expect(reopened.db.pragma('integrity_check', { simple: true })).toBe('ok');
      expect(reopened.db.prepare('SELECT count(*) FROM images').pluck().get()).toBe(IMAGES);
      expect(await readdir(join(library.folder, 'incoming'))).toEqual([]);
      reopened.close();
    }
    expect(files + zips + sheets).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

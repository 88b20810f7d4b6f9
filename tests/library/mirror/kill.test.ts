import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { mirrorImages } from '../../../electron/library/mirror/mirror-images.ts';
import { MIRROR_RECORD, MirrorRecord } from '../../../electron/library/mirror/mirror-record.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { emptyFolder, savedImage, smallPng, testLibrary } from '../test-library.ts';

const COPIER = join(import.meta.dirname, 'copy-until-killed.ts');
const IMAGES = 12;

it(
  `a mirror killed ${KILLS} times at random moments has whole copies only, each image once after the next pass (seed ${SEED})`,
  async () => {
    const library = await testLibrary();
    for (let at = 0; at < IMAGES; at += 1)
      await savedImage(library, { at: 1000 + at, prompt: `image ${at}`, bytes: await smallPng(300, 200) });
    library.close();
    const all = Array.from({ length: IMAGES }, (_, at) => `image ${at}.png`).sort();
    const choice = { images: 'copies', names: '{prompt}' } as const;
    const control = { isStopped: () => false, progress: () => undefined };
    /** Folders in which a pass was cut off. */
    let cut = 0;
    for (const moment of randomMoments({ lines: 3 * IMAGES, ms: 30 })) {
      const root = await emptyFolder();
      await runUntilKilled(COPIER, [library.folder, root], moment);
      const opened = await openLibrary(library.folder, sharedDecoding);
      expect(opened.db.pragma('integrity_check', { simple: true })).toBe('ok');
      for (const round of await readdir(root)) {
        const folder = join(root, round);
        const before = await wholeIn(folder);
        if (before.size < IMAGES) cut += 1;
        await MirrorRecord.begin(folder);
        const task = { library: library.folder, choice: { ...choice, folder }, again: false, skip: [] };
        expect(await mirrorImages(opened.db, task, control)).toEqual({ done: IMAGES, total: IMAGES, failed: [] });
        const after = await wholeIn(folder);
        expect([...after.keys()].sort()).toEqual(all);
        // What was there isn't written again.
        for (const [name, bytes] of before) expect(after.get(name)).toEqual(bytes);
      }
      opened.close();
    }
    expect(cut).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

/** The bytes of all copies; each is decoded. What isn't whole says so by its name. */
async function wholeIn(folder: string): Promise<Map<string, Buffer>> {
  const copies = new Map<string, Buffer>();
  for (const name of await readdir(folder)) {
    if (name.startsWith(MIRROR_RECORD) || name.endsWith('.part')) continue;
    const bytes = await readFile(join(folder, name));
    await sharp(bytes, { failOn: 'warning' }).raw().toBuffer();
    copies.set(name, bytes);
  }
  return copies;
}

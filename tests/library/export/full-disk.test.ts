import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DEFAULT_CONVERSION, type ExportOptions } from '../../../electron/contract/entities/exports.ts';
import { runExportThread } from '../../../electron/library/export/export-thread.ts';
import { INCOMING } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { canMount, smallVolume } from '../../fakes/small-volume.ts';
import { emptyFolder, reportOf, savedImage, smallPng, testLibrary } from '../test-library.ts';
import { controlled, timelinesOf } from './controlled.ts';

const IMAGES = 4;
const MEGABYTES = 8;
/** What tmpfs gives out at once, and an export's smallest files need. */
const PAGE = 4096;

type Form = Pick<ExportOptions, 'as' | 'images'>;
const FORMS: [name: string, form: Form, left: RegExp][] = [
  ['originals', { as: 'files', images: 'originals' }, /Images exported until then are complete\./u],
  ['copies', { as: 'files', images: 'copies' }, /Images exported until then are complete\./u],
  ['converted files', { as: 'files', images: 'converted' }, /Images exported until then are complete\./u],
  ['a ZIP', { as: 'zip', images: 'originals' }, /No ZIP was left there\./u],
  ['a contact sheet', { as: 'sheet', images: 'originals' }, /No contact sheet was left there\./u],
];

async function libraryOfNoise(): Promise<Library> {
  const library = await testLibrary();
  for (let index = 0; index < IMAGES; index += 1)
    await savedImage(library, { at: Date.UTC(2026, 5, 15) + index, prompt: 'a fox', bytes: await smallPng(400, 300) });
  return library;
}

async function exported(library: Library, form: Form, folder: string) {
  const options: ExportOptions = { ...form, conversion: DEFAULT_CONVERSION, names: '{counter}', folder };
  const task = { kind: 'export', folder: library.folder, timelines: timelinesOf(library), options } as const;
  return runExportThread(task, controlled().control, library.decoding);
}

async function filesIn(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => name !== 'filler').sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

describe.skipIf(!canMount)('on a disk that is full', () => {
  test.each(FORMS)('nothing of %s looks whole that isn’t, wherever it fails', async (_, form, left) => {
    const library = await libraryOfNoise();
    const roomy = await emptyFolder();
    await exported(library, form, roomy);
    const whole = await filesIn(roomy);
    const bytes = [...whole.values()].reduce((sum, file) => sum + file.length, 0);
    // Before the first byte, in the first image, in the middle, and just before the end.
    for (const room of [0, 2 * PAGE, Math.round(bytes / 2), bytes - 2 * PAGE]) {
      const volume = smallVolume(MEGABYTES);
      volume.fill(room);
      const report = await reportOf(() => exported(library, form, volume.folder));
      expect(report.code, `with room for ${room}`).toBe('disk-full');
      expect(report.message).toContain(`The disk of ${volume.folder} is full.`);
      expect(report.message).toMatch(left);
      const found = await filesIn(volume.folder);
      for (const [name, file] of found) expect(file.equals(whole.get(name) ?? Buffer.of()), name).toBe(true);
      expect(found.size).toBeLessThan(whole.size);
      expect(await readdir(join(library.folder, INCOMING))).toEqual([]);

      // With room again the same export succeeds.
      volume.empty();
      const { images, path } = await exported(library, form, volume.folder);
      expect(images).toBe(IMAGES);
      if (form.as !== 'files') expect([...(await filesIn(volume.folder)).keys()]).toEqual([basename(path)]);
    }
  });
});

import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ExportOptions } from '../../../electron/contract/entities/exports.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { exportToZip } from '../../../electron/library/export/export-zip.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { readImage } from '../../../electron/library/image-record.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import type { Library } from '../../../electron/library/library.ts';
import { emptyFolder, reportOf, savedImage, testLibrary, withBytes } from '../test-library.ts';
import { controlled, timelinesOf } from './controlled.ts';
import { zipContents } from './zip-contents.ts';

const AT = Date.UTC(2026, 5, 15, 12);
const OPTIONS = { as: 'zip', images: 'originals', names: '{prompt}' } as const;

async function zipped(library: Library, options: Partial<ExportOptions> = {}, control = controlled().control) {
  const folder = options.folder ?? (await emptyFolder());
  const result = await exportToZip(library, timelinesOf(library), { ...OPTIONS, ...options, folder }, control);
  return { folder, result, files: await readdir(folder) };
}

const fileOf = (library: Library, image: Image): string =>
  originalPath(library.folder, withBytes(library, image).sha256, image.format);

async function withImages(...prompts: string[]): Promise<{ library: Library; images: Image[] }> {
  const library = await testLibrary();
  const images: Image[] = [];
  for (const [index, prompt] of prompts.entries()) images.push(await savedImage(library, { at: AT + index, prompt }));
  return { library, images };
}

describe('a ZIP', () => {
  test('has images byte for byte, thumbnails, records, a page and a table', async () => {
    const { library, images } = await withImages('a fox', 'a fox', '=cmd("x"), </script><b>');
    const [first] = images;
    if (!first) throw new Error('No image.');
    await createThumbnails(library, first.id);
    library.db.prepare('UPDATE images SET rating = 4, note = \'say "hi"\' WHERE id = ?').run(first.id);
    const { folder, result, files } = await zipped(library);
    expect(files).toEqual([expect.stringMatching(/^Emulsion \d{4}-\d\d-\d\d\.zip$/u)]);
    expect(result).toMatchObject({ path: join(folder, files[0] ?? ''), images: 3, failed: 0 });
    const contents = await zipContents(result.path);
    const names = [...contents.keys()];
    expect(names.filter((name) => name.startsWith('images/'))).toEqual([
      'images/a fox.png',
      'images/a fox (2).png',
      'images/=cmd(-x-), -script-b.png',
    ]);
    for (const [index, image] of images.entries())
      expect(contents.get(names.filter((name) => name.startsWith('images/'))[index] ?? '')).toEqual(
        await readFile(fileOf(library, image)),
      );
    expect(contents.get('thumbnails/a fox.png.webp')?.subarray(8, 12).toString()).toBe('WEBP');
    const id = readImage(library.db, first.id)?.generation?.id ?? '';
    const record = JSON.parse(contents.get(`records/${id}.json`)?.toString() ?? '') as { images: unknown[] };
    expect(record).toMatchObject({ id, images: [{ id: first.id, rating: 4, note: 'say "hi"' }] });

    const [, row = '', , formula = ''] = contents.get('images.csv')?.toString().split('\r\n') ?? [];
    expect(row).toMatch(/^images\/a fox\.png,2026-06-15T12:00:00\.000Z,a fox,,gpt-image-2,/u);
    expect(row).toContain('"say ""hi"""');
    expect(formula).toContain(`"'=cmd(""x""), </script><b>"`);
    const page = contents.get('index.html')?.toString() ?? '';
    expect(page).not.toContain('</script><b>');
    expect(page).not.toMatch(/https?:/u);
  });

  test('of copies has them, and leaves out what is missing or damaged', async () => {
    const { library, images } = await withImages('whole', 'missing', 'damaged');
    const [, missing, damaged] = images;
    if (!missing || !damaged) throw new Error('No images.');
    await rm(fileOf(library, missing));
    const bytes = await readFile(fileOf(library, damaged));
    bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    await writeFile(fileOf(library, damaged), bytes);
    const { result } = await zipped(library, { images: 'copies' });
    expect(result).toMatchObject({ images: 1, failed: 2 });
    const contents = await zipContents(result.path);
    expect([...contents.keys()].filter((name) => name.startsWith('images/'))).toEqual(['images/whole.png']);
    expect(contents.get('images/whole.png')?.toString('latin1')).toContain('AIPromptInformation');
    expect(contents.get('images.csv')?.toString().trim().split('\r\n')).toHaveLength(2);
  });

  test('of nothing that can be read isn’t written', async () => {
    const { library, images } = await withImages('missing');
    await rm(fileOf(library, images[0] as Image));
    const { files, folder, result } = await zipped(library);
    expect(files).toEqual([]);
    expect(result).toMatchObject({ path: folder, images: 0, failed: 1 });
  });

  test('never replaces another one', async () => {
    const { library } = await withImages('a fox');
    const folder = await emptyFolder();
    const [one, other] = [await zipped(library, { folder }), await zipped(library, { folder })];
    expect(other.result.path).not.toBe(one.result.path);
    expect(other.files).toHaveLength(2);
  });

  test.each(['image 2', 'Checking images.csv'])('that is cancelled at %s leaves nothing', async (step) => {
    const { library } = await withImages('image 1', 'image 2', 'image 3');
    const folder = await emptyFolder();
    const { control, abort } = controlled(({ name }) => {
      if (name === step) abort.abort(new Error('cancelled'));
    });
    await expect(zipped(library, { folder }, control)).rejects.toThrow('cancelled');
    expect(await readdir(folder)).toEqual([]);
  });

  test('to a folder that is gone says so', async () => {
    const { library } = await withImages('a fox');
    const folder = join(await emptyFolder(), 'gone');
    const report = await reportOf(() => zipped(library, { folder }));
    expect(report).toMatchObject({ code: 'disk-unwritable' });
    expect(report.message).toContain('No ZIP was left there.');
  });

  test('that isn’t read back as it was written is removed', async () => {
    const { library } = await withImages('a fox');
    const folder = await emptyFolder();
    let isChanged = false;
    const pausePoint = async (): Promise<void> => {
      const part = (await readdir(folder)).find((name) => /\.zip\.[0-9a-f]{8}\.part$/u.test(name)) ?? '';
      const bytes = await readFile(join(folder, part));
      // Before the first image, nothing is written; at the next point, everything is.
      if (bytes.length === 0 || isChanged) return;
      isChanged = true;
      bytes.writeUInt8(bytes.readUInt8(90) ^ 1, 90);
      await writeFile(join(folder, part), bytes);
    };
    const report = await reportOf(() => zipped(library, { folder }, { ...controlled().control, pausePoint }));
    expect(report.message).toContain('couldn’t be read back');
    expect(await readdir(folder)).toEqual([]);
  });
});

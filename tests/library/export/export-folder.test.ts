import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { ExportOptions } from '../../../electron/contract/entities/exports.ts';
import type { Image } from '../../../electron/contract/entities/images.ts';
import { requireExportFolder } from '../../../electron/library/export/export-target.ts';
import { exportToFolder } from '../../../electron/library/export/export-folder.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import type { Library } from '../../../electron/library/library.ts';
import { pngChunk } from '../../../electron/library/pixels/colour/png-chunks.ts';
import { readTexts } from '../../../electron/library/pixels/metadata/read-texts.ts';
import { withPngChunks } from '../coloured-images.ts';
import { internationalTextChunk } from '../metadata-images.ts';
import { partsOf } from '../pixels/metadata/file-parts.ts';
import { controlled, timelinesOf } from './controlled.ts';
import { emptyFolder, reportOf, savedImage, smallPng, testLibrary, withBytes } from '../test-library.ts';

const AT = Date.UTC(2026, 5, 15, 12);

async function exported(library: Library, options: Partial<ExportOptions> = {}, control = controlled().control) {
  const folder = options.folder ?? (await emptyFolder());
  const all: ExportOptions = { as: 'files', images: 'originals', names: '{date} {prompt}', ...options, folder };
  const result = await exportToFolder(library, timelinesOf(library), all, control);
  return { folder, result, files: (await readdir(folder)).sort() };
}

const fileOf = (library: Library, image: Image): string =>
  originalPath(library.folder, withBytes(library, image).sha256, image.format);

describe('an export to a folder', () => {
  test('writes originals byte for byte, with readable names that differ', async () => {
    const library = await testLibrary();
    const images = [
      await savedImage(library, { at: AT, prompt: 'a red fox' }),
      await savedImage(library, { at: AT + 1, prompt: 'A Red Fox' }),
      await savedImage(library, { at: AT + 2, prompt: 'con: a/b' }),
    ];
    const { folder, result, files } = await exported(library);
    expect(files).toEqual(['2026-06-15 A Red Fox (2).png', '2026-06-15 a red fox.png', '2026-06-15 con- a-b.png']);
    expect(result).toMatchObject({ images: 3, failed: 0, signed: 0, unchanged: 0 });
    for (const [index, name] of ['a red fox', 'A Red Fox (2)', 'con- a-b'].entries()) {
      const image = images[index];
      if (!image) throw new Error('No image.');
      expect(await readFile(join(folder, `2026-06-15 ${name}.png`))).toEqual(await readFile(fileOf(library, image)));
    }
  });

  test('never replaces a file that is there', async () => {
    const library = await testLibrary();
    await savedImage(library, { at: AT, prompt: 'fox' });
    const folder = await emptyFolder();
    await writeFile(join(folder, 'FOX.PNG'), 'mine');
    const { files } = await exported(library, { folder, names: '{prompt}' });
    expect(files).toEqual(['FOX.PNG', 'fox (2).png']);
    expect(await readFile(join(folder, 'FOX.PNG'), 'utf8')).toBe('mine');
  });

  test('writes copies that say prompt, model, rating, tags and note, and differ in nothing else', async () => {
    const library = await testLibrary();
    const image = await savedImage(library, { at: AT, prompt: 'a “red” fox & friends' });
    library.db.prepare("UPDATE images SET rating = 4, note = 'for the client' WHERE id = ?").run(image.id);
    const { folder, files, result } = await exported(library, { images: 'copies', names: 'copy' });
    expect(files).toEqual(['copy.png']);
    expect(result).toMatchObject({ images: 1, signed: 0, unchanged: 0 });
    const path = join(folder, 'copy.png');
    const { texts } = await readTexts(path, 'png');
    const named = (name: string): string[] => texts.filter((text) => text.name === name).map(({ text }) => text);
    expect(named('Iptc4xmpExt:AIPromptInformation')).toEqual(['a “red” fox & friends']);
    expect(named('Iptc4xmpExt:AISystemUsed')).toEqual(['gpt-image-2']);
    expect(named('Iptc4xmpExt:DigitalSourceType')).toEqual([
      'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
    ]);
    expect(named('xmp:Rating')).toEqual(['4']);
    expect(named('dc:description')).toEqual(['for the client']);
    expect(JSON.parse(named('emulsion:parameters')[0] ?? '{}')).toMatchObject({ size: '1024x1024', quality: 'high' });
    const original = await readFile(fileOf(library, image));
    const others = (file: Buffer): string[] =>
      partsOf(file, 'png').flatMap((part) => (part.xmp === null ? [part.bytes] : []));
    expect(others(await readFile(path))).toEqual(others(original));
    expect(await sharp(path).raw().toBuffer()).toEqual(await sharp(original).raw().toBuffer());
  });

  test('keeps signed images byte for byte, and says how many', async () => {
    const library = await testLibrary();
    const bytes = withPngChunks(await smallPng(), pngChunk('caBX', Buffer.from('manifest')));
    await savedImage(library, { at: AT, bytes });
    const { folder, files, result } = await exported(library, { images: 'copies' });
    expect(result).toMatchObject({ images: 1, signed: 1 });
    expect(await readFile(join(folder, files[0] ?? ''))).toEqual(bytes);
  });

  test('says how many copies are without another program’s damaged details', async () => {
    const library = await testLibrary();
    const damaged = internationalTextChunk('XML:com.adobe.xmp', '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>');
    await savedImage(library, { at: AT, bytes: withPngChunks(await smallPng(), damaged) });
    await savedImage(library, { at: AT + 1, bytes: await smallPng() });
    expect((await exported(library, { images: 'copies' })).result).toMatchObject({ images: 2, dropped: 1 });
    expect((await exported(library, { images: 'originals' })).result).toMatchObject({ images: 2, dropped: 0 });
  });

  test('leaves out missing and damaged images, and names them', async () => {
    const library = await testLibrary();
    const missing = await savedImage(library, { at: AT, prompt: 'missing' });
    const damaged = await savedImage(library, { at: AT + 1, prompt: 'damaged' });
    await savedImage(library, { at: AT + 2, prompt: 'fine' });
    await rm(fileOf(library, missing));
    const bytes = await readFile(fileOf(library, damaged));
    bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
    await writeFile(fileOf(library, damaged), bytes);
    for (const images of ['originals', 'copies'] as const) {
      const { files, result } = await exported(library, { images, names: '{prompt}' });
      expect(files).toEqual(['fine.png']);
      expect(result).toMatchObject({
        images: 1,
        failed: 2,
        problems: [
          { name: 'missing', problem: 'missing' },
          { name: 'damaged', problem: 'damaged' },
        ],
      });
    }
  });

  test('that is cancelled leaves whole files only', async () => {
    const library = await testLibrary();
    for (const number of [1, 2, 3]) await savedImage(library, { at: AT + number, prompt: `image ${number}` });
    const { control, abort } = controlled(({ name }) => {
      if (name === 'image 2') abort.abort(new Error('cancelled'));
    });
    const folder = await emptyFolder();
    await expect(exported(library, { folder, names: '{prompt}' }, control)).rejects.toThrow('cancelled');
    expect(await readdir(folder)).toEqual(['image 1.png']);
  });

  test('to a folder that vanishes says so, and creates nothing in its place', async () => {
    const library = await testLibrary();
    for (const number of [1, 2]) await savedImage(library, { at: AT + number, prompt: `image ${number}` });
    const folder = join(await emptyFolder(), 'target');
    expect(await reportOf(() => exported(library, { folder }))).toMatchObject({ code: 'disk-unwritable' });
  });
});

describe('the folder of an export', () => {
  test.each(['relative/folder', '/nowhere/at/all'])('can’t be %s', async (folder) => {
    expect(await reportOf(() => requireExportFolder(folder, process.cwd()))).toMatchObject({
      code: 'parameter-invalid',
    });
  });

  test('can’t be inside the library, but beside it', async () => {
    const library = await testLibrary();
    const inside = join(library.folder, 'originals');
    expect((await reportOf(() => requireExportFolder(inside, library.folder))).message).toContain(
      'belongs to the library',
    );
    await requireExportFolder(join(library.folder, '..'), library.folder);
  });
});

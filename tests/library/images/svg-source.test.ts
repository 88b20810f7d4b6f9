import { rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { MAX_SOURCE_LENGTH, readSvgSource } from '../../../electron/library/images/svg-source.ts';
import { reportOf, savedImage, testLibrary, withBytes } from '../test-library.ts';

describe('an SVG’s source', () => {
  const drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><title>ü</title></svg>';

  it('is its text', async () => {
    const library = await testLibrary();
    const { id } = await savedImage(library, { bytes: Buffer.from(drawing) });
    expect(await readSvgSource(library, id)).toEqual({ text: drawing, cut: false });
  });

  it('is cut at the limit', async () => {
    const library = await testLibrary();
    const long = drawing.replace('</svg>', `<!--${'é'.repeat(MAX_SOURCE_LENGTH)}--></svg>`);
    const { id } = await savedImage(library, { bytes: Buffer.from(long) });
    const { text, cut } = await readSvgSource(library, id);
    expect([text.length, cut]).toEqual([MAX_SOURCE_LENGTH, true]);
    expect(long.startsWith(text)).toBe(true);
  });

  it('fails for pixel formats, unknown images and missing files', async () => {
    const library = await testLibrary();
    const pixels = await savedImage(library);
    expect(await reportOf(() => readSvgSource(library, pixels.id))).toMatchObject({ code: 'unsupported-here' });
    const nobody = '00000000-0000-7000-8000-000000000001' as ImageId;
    expect(await reportOf(() => readSvgSource(library, nobody))).toMatchObject({ code: 'not-found' });
    const saved = await savedImage(library, { bytes: Buffer.from(drawing) });
    const path = originalPath(library.folder, withBytes(library, saved).sha256, 'svg');
    rmSync(path);
    expect(await reportOf(() => readSvgSource(library, saved.id))).toMatchObject({ code: 'file-missing' });
  });

  it.skipIf(process.platform === 'win32')('is not called missing if its file can’t be opened', async () => {
    const library = await testLibrary();
    const saved = await savedImage(library, { bytes: Buffer.from(drawing) });
    const path = originalPath(library.folder, withBytes(library, saved).sha256, 'svg');
    rmSync(path);
    symlinkSync(path, path);
    expect(await reportOf(() => readSvgSource(library, saved.id))).toMatchObject({ code: 'disk-unwritable' });
  });
});

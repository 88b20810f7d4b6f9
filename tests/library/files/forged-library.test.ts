import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { GenerationId, ImageId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import {
  heatMapPath,
  incomingPath,
  originalPath,
  sidecarPath,
  thumbnailPath,
} from '../../../electron/library/files/folders.ts';
import { createThumbnails } from '../../../electron/library/images/thumbnails.ts';
import { openLibrary, locateFiles, type Library } from '../../../electron/library/library.ts';
import { writeSidecar } from '../../../electron/library/sidecars/write-sidecar.ts';
import { serveImage } from '../../../electron/studio/routes/serve-image.ts';
import fc from '../../fast-check.ts';
import { emptyFolder, savedImage, sha256 } from '../test-library.ts';

/** Writes values that the columns' checks refuse, as a forged database holds them. */
function forge({ db }: Library, sql: string, ...values: unknown[]): void {
  db.pragma('ignore_check_constraints = ON');
  db.pragma('foreign_keys = OFF');
  db.prepare(sql).run(...values);
  db.pragma('ignore_check_constraints = OFF');
  db.pragma('foreign_keys = ON');
}

/** A library with one image, in a folder beside a file that isn't the library's. */
async function libraryBesideSecret(): Promise<{
  library: Library;
  outside: string;
  imageId: ImageId;
  generationId: GenerationId;
}> {
  const outside = await emptyFolder();
  await writeFile(join(outside, 'secret.png'), 'secret');
  const library = await openLibrary(join(outside, 'library'));
  const { id, generationId } = await savedImage(library);
  return { library, outside, imageId: id, generationId };
}

describe('a library whose database someone forged', () => {
  test.each(['png/../../../../secret.png', '/../../../../secret.png', 'png\0', 'constructor', '__proto__', '', 'PNG'])(
    'serves nothing for the format %j',
    async (format) => {
      const { library, imageId } = await libraryBesideSecret();
      forge(library, 'UPDATE originals SET format = ?', format);
      await mkdir(join(library.folder, 'originals', 'ab'), { recursive: true });
      for (const kind of ['original', 'preview', 'thumbnail'] as const) {
        expect(() => locateFiles(library, { kind, imageId })).toThrow(/format that isn’t valid/u);
        const request = new Request(`http://127.0.0.1/images/${kind}/${imageId}`);
        const response = await serveImage(library, request, () => undefined);
        expect(response.status).toBe(500);
        expect(await response.text()).toBe('');
      }
      library.close();
    },
  );

  test('writes no thumbnail outside for a forged hash', async () => {
    const { library, outside, imageId } = await libraryBesideSecret();
    const forged = `../../../escape${'0'.repeat(50)}`;
    forge(library, 'UPDATE images SET sha256 = ?', forged);
    forge(library, 'UPDATE originals SET sha256 = ?', forged);
    await expect(createThumbnails(library, imageId)).rejects.toMatchObject({ code: 'library-damaged' });
    library.close();
    expect((await readdir(outside)).toSorted()).toEqual(['library', 'secret.png']);
    expect(await readdir(join(library.folder, 'thumbnails'))).toEqual([]);
  });

  test('writes no sidecar outside for a forged request id', async () => {
    const { library, outside, generationId } = await libraryBesideSecret();
    const forged = '../../../../../escape000000000000000';
    expect(forged).toHaveLength(36);
    forge(library, 'UPDATE generations SET id = ? WHERE id = ?', forged, generationId);
    forge(library, 'UPDATE images SET generation_id = ?', forged);
    await expect(writeSidecar(library, forged as GenerationId)).rejects.toMatchObject({ code: 'library-damaged' });
    library.close();
    expect((await readdir(outside)).toSorted()).toEqual(['library', 'secret.png']);
  });

  test('opens with forged pending saves, and moves nothing that isn’t a received file', async () => {
    const { library, outside } = await libraryBesideSecret();
    const { folder } = library;
    const hash = sha256(Buffer.from('secret'));
    const names = ['..', '.', '../library.db', '../../secret.png', 'a/b', 'C:\\x', 'x:stream', ''];
    for (const name of names)
      forge(library, 'INSERT INTO landings VALUES (?, ?, 6, ?, ?)', name, hash, 'png', '{"kind":"none"}');
    const received = join(folder, 'incoming', 'received.part');
    await writeFile(received, 'paid for');
    forge(library, 'INSERT INTO landings VALUES (?, ?, 8, ?, ?)', 'received.part', '../../../../secret', '.png', '{}');
    library.close();

    const opened = await openLibrary(folder);
    expect(opened.recovery.quarantined).toEqual([expect.stringMatching(/received\.part$/u)]);
    opened.close();
    expect(existsSync(join(outside, 'secret.png'))).toBe(true);
    const [kept = ''] = await readdir(join(folder, 'quarantine'));
    expect(await readFile(join(folder, 'quarantine', kept), 'utf8')).toBe('paid for');
  });
});

describe('paths of a library', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: fc.constantFrom('.', '/', '\\', '%', ':', '\0', 'a', '0'), minLength: 1, maxLength: 64 }),
    fc.string({ unit: fc.constantFrom('.', '/', 'a', '0'), minLength: 64, maxLength: 64 }),
    fc.string({ unit: fc.constantFrom('.', '/', '-', '0'), minLength: 36, maxLength: 36 }),
    fc.constantFrom(null, undefined, 0, {}, [], Number.NaN),
  );

  test('lead nowhere but into the library for any value in the database', () => {
    const folder = join('/', 'home', 'library');
    const good = 'a'.repeat(64) as Sha256;
    const paths: ((value: never) => string)[] = [
      (value) => originalPath(folder, value, 'png'),
      (value) => originalPath(folder, good, value),
      (value) => thumbnailPath(folder, value, 256),
      (value) => heatMapPath(folder, value),
      (value) => sidecarPath(folder, value, 0),
      (value) => incomingPath(folder, value),
    ];
    fc.assert(
      fc.property(anything, fc.constantFrom(...paths), (value, path) => {
        try {
          const made = relative(folder, path(value as never));
          expect(made).toMatch(/^(?:originals|thumbnails|records|incoming)[\\/][\w.+\\/-]+$/u);
          expect(made.split(/[\\/]/u)).not.toContain('..');
        } catch (thrown) {
          if (!(thrown instanceof StudioError)) throw thrown;
          expect(thrown.code).toBe('library-damaged');
        }
      }),
      { numRuns: 2000 },
    );
  });

  test.each([Number.NaN, -1, 1.5, Infinity, 9e15])('a request’s time of %d names no month', (time) => {
    const id = '01970000-0000-7000-8000-000000000000' as GenerationId;
    expect(() => sidecarPath('/library', id, time)).toThrow(/time that isn’t valid/u);
  });
});

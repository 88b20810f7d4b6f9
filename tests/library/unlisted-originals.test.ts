import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { originalPath } from '../../electron/library/files/folders.ts';
import type { Settings } from '../../electron/contract/entities/settings.ts';
import { saveSteps, type SaveStep } from '../../electron/library/files/originals.ts';
import { addInput } from '../../electron/library/inputs/add-input.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { acceptUnlisted, findUnlisted, unlistedOriginals } from '../../electron/library/unlisted-originals.ts';
import { openTestStudio } from '../studio/test-studio.ts';
import { copyAsKilled } from './library-copy.ts';
import { emptyFolder, savedImage, smallPng, testLibrary, withBytes } from './test-library.ts';

const { signal } = new AbortController();
let home: string;
let folder: string;

beforeEach(async () => {
  home = await emptyFolder();
  folder = join(home, 'library');
});

/** A library whose database is from before its last images, and whose sidecars are gone. Returns the paths of the unknown originals. */
async function restored(known: number, unknown: number): Promise<string[]> {
  const first = await openLibrary(folder);
  for (let image = 0; image < known; image += 1) await savedImage(first);
  first.close();
  copyFileSync(join(folder, 'library.db'), join(home, 'older.db'));
  const later = await openLibrary(folder);
  const paths: string[] = [];
  for (let image = 0; image < unknown; image += 1) {
    const { sha256 } = withBytes(later, await savedImage(later));
    paths.push(originalPath(folder, sha256, 'png'));
  }
  later.close();
  copyFileSync(join(home, 'older.db'), join(folder, 'library.db'));
  rmSync(join(folder, 'records'), { recursive: true });
  return paths;
}

describe('an older database beside images without sidecars', () => {
  it.each([1, 3])(
    'is opened, and its page says that %i files aren’t listed, until it is dismissed',
    async (unknown) => {
      const paths = await restored(2, unknown);
      const { api, studio, log } = await openTestStudio({ folder: home });
      const { library } = await new Promise<Settings>((resolve) => {
        const take = (settings: Settings): void => {
          if (settings.library.unlisted) resolve(settings);
        };
        studio.subscribe((event) => event.type === 'settings' && take(event.settings));
        void api.settings.get({}).then(take);
      });
      expect(library).toMatchObject({
        images: 2,
        unlisted: { count: unknown, folder: join(folder, 'originals') },
      });
      expect(library.unlisted?.files.map((file) => join(folder, file)).sort()).toEqual(paths.toSorted());
      expect(paths.every((path) => existsSync(path))).toBe(true);
      expect(log.join('\n')).toContain(library.unlisted?.files[0]);

      expect((await api.settings.dismissUnlisted({})).library.unlisted).toBeUndefined();
      await studio.close();
      const again = await testLibrary(folder);
      expect(await findUnlisted(again, signal)).toBeNull();
      expect(paths.every((path) => existsSync(path))).toBe(true);
    },
  );

  it('is told of again when one more appears', async () => {
    await restored(2, 2);
    const library = await openLibrary(folder);
    await findUnlisted(library, signal);
    acceptUnlisted(library);
    expect(unlistedOriginals(library)).toBeNull();
    library.close();
    const paths = await restored(0, 1);
    expect(await findUnlisted(await testLibrary(folder), signal)).toMatchObject({ count: paths.length });
  });
});

describe('no alarm is raised', () => {
  it('for a sound library', async () => {
    const library = await testLibrary(folder);
    await savedImage(library);
    await addInput(library, { body: Readable.from([await smallPng()]), name: 'a.png', limit: 1e6, declared: null });
    expect(await findUnlisted(library, signal)).toBeNull();
  });

  it.each<SaveStep>(['pending-save-recorded', 'file-synced', 'renamed', 'folder-synced', 'committed'])(
    'after a kill while an input is added or an image is saved, at the step %s',
    async (fatal) => {
      const library = await testLibrary(folder);
      const copies: string[] = [];
      const copy = (message: unknown): void => {
        if ((message as { step: SaveStep }).step === fatal)
          copies.push(copyAsKilled(folder, join(home, `${copies.length}`)));
      };
      saveSteps.subscribe(copy);
      onTestFinished(() => {
        saveSteps.unsubscribe(copy);
      });
      await addInput(library, { body: Readable.from([await smallPng()]), name: 'a.png', limit: 1e6, declared: null });
      await savedImage(library);
      saveSteps.unsubscribe(copy);
      expect(copies).toHaveLength(2);
      for (const killed of copies) {
        const again: Library = await testLibrary(killed);
        expect(again.recovery.failures).toEqual([]);
        expect(await findUnlisted(again, signal)).toBeNull();
        expect(readdirSync(join(killed, 'incoming'))).toEqual([]);
      }
    },
  );
});

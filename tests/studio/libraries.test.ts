import fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../electron/contract/events.ts';
import {
  asked,
  createRequest,
  demoServer,
  emptyFolder,
  openTestStudio,
  startTestServer,
  until,
} from './test-studio.ts';

const DEMO_TIME_MS = 30_000;

describe('several libraries', () => {
  it(
    'creates one in an empty folder, opens it in place of the first, and returns',
    { timeout: DEMO_TIME_MS },
    async () => {
      const { baseUrl } = await demoServer();
      const { studio, api, folder, ended } = await openTestStudio({ baseUrl });
      const first = studio.libraryFolder;
      const opened: StudioEvent[] = [];
      api.subscribe((event) => {
        if (event.type === 'library-opened') opened.push(event);
      });
      const made = await api.jobs.create(asked(createRequest('a lighthouse')));
      await ended(made.id);

      const second = join(folder, 'second');
      expect(await api.libraries.inspect({ folder: second })).toEqual({
        folder: second,
        kind: 'missing',
        open: false,
        shared: null,
      });
      await api.libraries.open({ folder: second, create: true });

      expect(studio.libraryFolder).toBe(second);
      expect((await api.settings.get({})).library).toMatchObject({ folder: second, images: 0 });
      expect(await api.jobs.list({})).toEqual([]);
      expect(await api.libraries.list({})).toEqual([{ folder: first, available: true }]);

      await api.libraries.open({ folder: first });

      expect((await api.settings.get({})).library).toMatchObject({ folder: first, images: 1 });
      expect(opened).toEqual([
        { type: 'library-opened', folder: second, said: null },
        { type: 'library-opened', folder: first, said: null },
      ]);
    },
  );

  it('opens the chosen one at the next start', async () => {
    const { studio, api, folder } = await openTestStudio();
    const second = join(folder, 'second');
    await api.libraries.open({ folder: second, create: true });
    await studio.close();

    expect((await openTestStudio({ folder })).studio.libraryFolder).toBe(second);
  });

  it('keeps the open library and the setting when the other can’t be opened', async () => {
    const { studio, api, folder } = await openTestStudio();
    const first = studio.libraryFolder;
    const other = join(folder, 'damaged');
    await fs.mkdir(other);
    await fs.writeFile(join(other, 'library.db'), 'not a database, but long enough to be looked at '.repeat(100));

    await expect(api.libraries.open({ folder: other })).rejects.toMatchObject({ report: { code: 'library-damaged' } });

    expect(studio.libraryFolder).toBe(first);
    expect((await api.settings.get({})).library).toMatchObject({ folder: first, images: 0 });
    await studio.close();
    expect((await openTestStudio({ folder })).studio.libraryFolder).toBe(first);
  });

  it('stays with a library whose requests aren’t finished', async () => {
    const server = await startTestServer(() => undefined);
    const { studio, api, folder } = await openTestStudio({ baseUrl: server.baseUrl });
    const first = studio.libraryFolder;
    await api.jobs.create(asked(createRequest('a lighthouse')));
    await until(() => server.posts === 1);

    await expect(api.libraries.open({ folder: join(folder, 'second'), create: true })).rejects.toThrow(
      'A request of this library isn’t finished. Wait for the images, or stop what runs in Activity. Nothing was changed.',
    );

    expect(studio.libraryFolder).toBe(first);
    expect(studio.unfinishedJobs()).toHaveLength(1);
  });

  it('says what is in a folder', async () => {
    const { studio, api } = await openTestStudio();
    const folder = await emptyFolder();
    const kindOf = async (path: string): Promise<unknown> => {
      const { folder: found, kind, open } = await api.libraries.inspect({ folder: path });
      return [found, kind, open];
    };
    const pictures = join(folder, 'pictures');
    await fs.mkdir(pictures);
    await fs.writeFile(join(pictures, '.DS_Store'), '');
    expect(await kindOf(pictures)).toEqual([pictures, 'empty', false]);
    await fs.writeFile(join(pictures, 'holiday.jpg'), '');
    const below = join(pictures, 'Emulsion Library');
    expect(await kindOf(pictures)).toEqual([below, 'other', false]);
    expect(await kindOf(join(pictures, 'holiday.jpg'))).toEqual([join(pictures, 'holiday.jpg'), 'unusable', false]);

    await api.libraries.open({ folder: pictures, create: true });
    expect(studio.libraryFolder).toBe(below);
    expect(await kindOf(pictures)).toEqual([below, 'library', true]);
    expect(await fs.readdir(pictures)).toEqual(['.DS_Store', 'Emulsion Library', 'holiday.jpg']);
  });

  it('creates none in a folder that was asked for as a library', async () => {
    const { api, folder } = await openTestStudio();
    const nowhere = join(folder, 'nowhere');

    await expect(api.libraries.open({ folder: nowhere })).rejects.toThrow(`There is no library in ${nowhere}.`);
    await expect(api.libraries.open({ folder: 'relative' })).rejects.toMatchObject({ report: { field: 'folder' } });
    await expect(fs.stat(nowhere)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it(
    'says that a library that held images isn’t there, and creates none in its place',
    { timeout: DEMO_TIME_MS },
    async () => {
      const { baseUrl } = await demoServer();
      const { studio, api, folder, ended } = await openTestStudio({ baseUrl });
      const first = studio.libraryFolder;
      await ended((await api.jobs.create(asked(createRequest('a lighthouse')))).id);
      await until(async () => (await fs.readdir(join(folder, 'preferences'))).includes('used-libraries.json'));
      await api.libraries.open({ folder: join(folder, 'second'), create: true });
      await fs.rename(first, join(folder, 'elsewhere'));

      expect(await api.libraries.list({})).toEqual([{ folder: first, available: false }]);
      expect(await api.libraries.inspect({ folder: first })).toMatchObject({ kind: 'gone' });
      await expect(api.libraries.open({ folder: first, create: true })).rejects.toThrow(
        'isn’t there. Connect its disk',
      );
      await expect(fs.stat(first)).rejects.toMatchObject({ code: 'ENOENT' });

      await api.libraries.forget({ folder: first });
      expect(await api.libraries.list({})).toEqual([]);
    },
  );
});

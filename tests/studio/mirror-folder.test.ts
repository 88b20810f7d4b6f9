import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { Settings } from '../../electron/contract/entities/settings.ts';
import { MIRROR_RECORD } from '../../electron/library/mirror/mirror-record.ts';
import { canMount, makeReadOnly } from '../fakes/small-volume.ts';
import { asked, createRequest, demoServer, emptyFolder, openTestStudio, type TestStudio } from './test-studio.ts';

const HOW = { images: 'originals', names: '{prompt}' } as const;

/** Resolves with the settings once they are as wanted. */
function settled(api: StudioApi, wanted: (settings: Settings) => boolean): Promise<Settings> {
  return new Promise((resolve, reject) => {
    const stop = api.subscribe((event) => {
      if (event.type === 'settings' && wanted(event.settings)) done(event.settings);
    });
    const done = (settings: Settings): void => {
      stop();
      resolve(settings);
    };
    onTestFinished(stop);
    api.settings.get({}).then((settings) => {
      if (wanted(settings)) done(settings);
    }, reject);
  });
}

const copied = (api: StudioApi, images: number): Promise<Settings> =>
  settled(api, ({ library: { mirror } }) => mirror?.state === 'complete' && mirror.done === images);

async function create({ api, ended }: TestStudio, prompt: string): Promise<void> {
  await ended((await api.jobs.create(asked(createRequest(prompt)))).id);
}

async function namesIn(folder: string): Promise<string[]> {
  return (await fs.readdir(folder)).filter((name) => name !== MIRROR_RECORD).sort();
}

it('images are copied when a folder is chosen and as they arrive, over restarts and pauses, until it is stopped', async () => {
  const demo = await demoServer();
  const first = await openTestStudio(demo);
  await create(first, 'a fox');
  const folder = await emptyFolder();
  const { mirrorFolder } = await first.api.mirrorFolder.set({ mirror: { folder, ...HOW } });
  expect(mirrorFolder).toEqual({ folder, ...HOW, paused: false });
  expect((await copied(first.api, 1)).library.mirror).toEqual({
    state: 'complete',
    done: 1,
    total: 1,
    failed: 0,
    problem: null,
  });
  await create(first, 'a hare');
  await copied(first.api, 2);
  expect(await namesIn(folder)).toEqual(['a fox.png', 'a hare.png']);
  expect((await first.api.mirrorFolder.pause({ paused: true })).mirrorFolder?.paused).toBe(true);
  await create(first, 'a heron');
  await first.studio.close();
  expect(first.log).toEqual([]);

  const again = await openTestStudio({ ...demo, folder: first.folder });
  const { api } = again;
  expect((await api.settings.get({})).mirrorFolder).toMatchObject({ folder, paused: true });
  expect(await namesIn(folder)).toEqual(['a fox.png', 'a hare.png']);
  expect((await api.mirrorFolder.pause({ paused: false })).mirrorFolder?.paused).toBe(false);
  await copied(api, 3);

  // What the person deletes there stays deleted, until they ask for it.
  await fs.rm(join(folder, 'a fox.png'));
  await create(again, 'a lynx');
  await copied(api, 4);
  expect(await namesIn(folder)).toEqual(['a hare.png', 'a heron.png', 'a lynx.png']);
  await api.mirrorFolder.copyMissing({});
  await create(again, 'a newt');
  await copied(api, 5);
  const all = ['a fox.png', 'a hare.png', 'a heron.png', 'a lynx.png', 'a newt.png'];
  expect(await namesIn(folder)).toEqual(all);

  expect((await api.mirrorFolder.set({ mirror: null })).mirrorFolder).toBeNull();
  expect((await api.settings.get({})).library.mirror).toBeUndefined();
  expect(await namesIn(folder)).toEqual(all);
  await again.studio.close();
  expect(again.log).toEqual([]);
});

it('a folder in which the mirror can’t be is refused with a sentence, and nothing is written there', async () => {
  const { api, folder: home } = await openTestStudio();
  const library = join(home, 'library');
  const other = join(await emptyFolder(), 'other');
  await api.libraries.open({ folder: other, create: true });
  await api.libraries.open({ folder: library });
  const [watched, plain] = [await emptyFolder(), await emptyFolder()];
  const link = join(plain, 'link');
  await fs.symlink(join(library, 'originals'), link);
  await fs.mkdir(join(watched, 'below'));
  await fs.writeFile(join(plain, 'file'), '');
  await api.settings.watchFolder({ folder: watched });
  const refusals: [folder: string, sentence: string][] = [
    [library, 'in the library’s own folder'],
    [join(library, 'originals'), 'in the library’s own folder'],
    [link, 'in the library’s own folder'],
    [home, 'The library is in'],
    [other, 'belongs to another library'],
    [join(other, 'originals'), 'belongs to another library'],
    [watched, 'in the watched folder'],
    [join(watched, 'below'), 'in the watched folder'],
    [join(plain, 'nowhere'), 'There is no folder'],
    [join(plain, 'file'), 'There is no folder'],
    ['relative', 'Enter the whole path'],
  ];
  for (const [folder, sentence] of refusals) {
    await expect(api.mirrorFolder.set({ mirror: { folder, ...HOW } }), folder).rejects.toMatchObject({
      report: { code: 'parameter-invalid', field: 'folder', message: expect.stringContaining(sentence) as string },
    });
  }
  expect((await api.settings.get({})).mirrorFolder).toBeNull();
  for (const folder of [home, other, watched]) {
    const written = await fs.readdir(folder, { recursive: true });
    expect(written.filter((name) => name.endsWith(MIRROR_RECORD))).toEqual([]);
  }
});

it('a folder that holds the mirror folder isn’t watched, however it is written', async () => {
  const { api } = await openTestStudio();
  const outer = await emptyFolder();
  const folder = join(outer, 'mirror');
  await fs.mkdir(folder);
  await fs.symlink(outer, join(outer, 'link'));
  await api.mirrorFolder.set({ mirror: { folder, ...HOW } });
  for (const wrong of [folder, outer, join(outer, 'link'), join(outer, 'link', 'mirror')])
    await expect(api.settings.watchFolder({ folder: wrong }), wrong).rejects.toMatchObject({
      report: { field: 'folder', message: expect.stringContaining('they would be imported again') as string },
    });
  expect((await api.settings.get({})).watchedFolder).toBeNull();
  // What a person puts into a folder of it can be imported: copies aren't made there.
  await fs.mkdir(join(folder, 'below'));
  expect((await api.settings.watchFolder({ folder: join(folder, 'below') })).watchedFolder).toBe(join(folder, 'below'));
});

it('a folder that is gone at the start is waited for, and another library is copied to it too', async () => {
  const demo = await demoServer();
  const first = await openTestStudio(demo);
  await create(first, 'a fox');
  const folder = join(await emptyFolder(), 'disk');
  await fs.mkdir(folder);
  await first.api.mirrorFolder.set({ mirror: { folder, ...HOW } });
  await copied(first.api, 1);
  await first.studio.close();
  await fs.rename(folder, `${folder} away`);

  const again = await openTestStudio({ ...demo, folder: first.folder });
  const { library } = await settled(again.api, (settings) => settings.library.mirror?.state === 'waiting');
  expect(library.mirror?.problem).toContain(`${folder} isn’t there. Connect its disk.`);
  await fs.rename(`${folder} away`, folder);
  await create(again, 'a hare');
  await copied(again.api, 2);
  await again.api.libraries.open({ folder: join(await emptyFolder(), 'other'), create: true });
  await create(again, 'a fox');
  await copied(again.api, 1);
  expect(await namesIn(folder)).toEqual(['a fox (2).png', 'a fox.png', 'a hare.png']);
  expect(again.log).toEqual([]);
});

it.runIf(canMount)('a read-only library is copied, and nothing is written to it', async () => {
  const demo = await demoServer();
  const first = await openTestStudio(demo);
  await create(first, 'a fox');
  await first.studio.close();
  const library = join(first.folder, 'library');
  makeReadOnly(library);
  const { api, studio, log } = await openTestStudio({ ...demo, folder: first.folder });
  expect((await api.settings.get({})).library.readOnly).toBe(true);
  const inside = { mirror: { folder: join(library, 'originals'), ...HOW } };
  await expect(api.mirrorFolder.set(inside)).rejects.toMatchObject({ report: { field: 'folder' } });
  const folder = await emptyFolder();
  await api.mirrorFolder.set({ mirror: { folder, ...HOW } });
  await copied(api, 1);
  const [original = ''] = (await fs.readdir(join(library, 'originals'), { recursive: true })).filter((name) =>
    name.endsWith('.png'),
  );
  expect(await fs.readFile(join(folder, 'a fox.png'))).toEqual(await fs.readFile(join(library, 'originals', original)));
  await api.mirrorFolder.pause({ paused: true });
  await studio.close();
  expect(log).toEqual([]);
});

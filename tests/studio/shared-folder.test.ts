import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, openTestStudio, until } from './test-studio.ts';

it('a library in a synced folder says so in the settings, and works', async () => {
  const { api } = await openTestStudio({ folder: join(await emptyFolder(), 'Dropbox') });
  await until(async () => (await api.settings.get({})).library.shared?.by === 'dropbox');
  expect(await api.library.newest({ limit: 1 })).toEqual({ images: [], all: 0 });
});

it('that the person has read it is remembered for this folder', async () => {
  const folder = join(await emptyFolder(), 'Dropbox');
  const first = await openTestStudio({ folder });
  const shared = async ({ api }: typeof first) => (await api.settings.get({})).library.shared;
  // Before it is known, there is nothing to read.
  await until(async () => (await shared(first)) !== undefined);
  expect(await shared(first)).toEqual({ by: 'dropbox', accepted: false });
  expect((await first.api.settings.dismissShared({})).library.shared).toEqual({ by: 'dropbox', accepted: true });
  await first.studio.close();
  const second = await openTestStudio({ folder });
  await until(async () => (await shared(second)) !== undefined);
  expect(await shared(second)).toEqual({ by: 'dropbox', accepted: true });
});

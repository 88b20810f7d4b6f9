import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, openTestStudio, until } from './test-studio.ts';

it('a library in a synced folder says so in the settings, and works', async () => {
  const { api } = await openTestStudio({ folder: join(await emptyFolder(), 'Dropbox') });
  await until(async () => (await api.settings.get({})).library.shared === 'dropbox');
  expect(await api.library.newest({ limit: 1 })).toEqual({ images: [], all: 0 });
});

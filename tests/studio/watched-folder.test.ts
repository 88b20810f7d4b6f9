import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, openTestStudio } from './test-studio.ts';

it('a watched folder is kept for the next start, and only a folder is taken', async () => {
  const { studio, api, folder: home } = await openTestStudio();
  const folder = await emptyFolder();
  const file = join(folder, 'file.txt');
  await fs.writeFile(file, '');
  for (const wrong of [file, join(folder, 'nowhere'), 'relative'])
    await expect(api.settings.watchFolder({ folder: wrong })).rejects.toMatchObject({ report: { field: 'folder' } });
  expect((await api.settings.get({})).watchedFolder).toBeNull();

  expect((await api.settings.watchFolder({ folder })).watchedFolder).toBe(folder);
  await studio.close();
  const again = await openTestStudio({ folder: home });
  expect((await again.api.settings.get({})).watchedFolder).toBe(folder);
  expect((await again.api.settings.watchFolder({ folder: null })).watchedFolder).toBeNull();
});

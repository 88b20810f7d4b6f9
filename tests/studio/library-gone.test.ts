import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { savedImage } from '../library/test-library.ts';
import { asked, createRequest, demoServer, emptyFolder, openTestStudio } from './test-studio.ts';

/** A studio's folder whose library has one image and was opened once. */
async function usedLibrary(): Promise<{ home: string; folder: string }> {
  const home = await emptyFolder();
  const folder = join(home, 'library');
  const library = await openLibrary(folder);
  await savedImage(library);
  library.close();
  await (await openTestStudio({ folder: home })).studio.close();
  return { home, folder };
}

async function refusal(home: string): Promise<unknown> {
  const thrown: unknown = await openTestStudio({ folder: home }).catch((error: unknown) => error);
  return thrown instanceof StudioError ? thrown.report : thrown;
}

describe('a library that held images', () => {
  it.each(['missing', 'empty'])('is no new library while its folder is %s', async (what) => {
    const { home, folder } = await usedLibrary();
    renameSync(folder, `${folder}-away`);
    if (what === 'empty') mkdirSync(folder);
    expect(await refusal(home)).toMatchObject({
      code: 'library-incomplete',
      detail: { kind: 'library-incomplete', state: 'gone', folder },
    });
    expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);

    if (what === 'missing') renameSync(`${folder}-away`, folder);
    else expect((await openTestStudio({ folder: home, openAnyway: true })).studio.libraryFolder).toBe(folder);
    if (what === 'missing')
      expect(await (await openTestStudio({ folder: home })).api.library.newest({ limit: 5 })).toMatchObject({
        images: [{}],
      });
  });

  it('is remembered as soon as its first image is saved', async () => {
    const { baseUrl } = await demoServer();
    const home = await emptyFolder();
    const first = await openTestStudio({ folder: home, baseUrl });
    const job = asked(createRequest('a fox'));
    await first.api.jobs.create(job);
    await first.ended(job.id);
    await first.studio.close();
    renameSync(join(home, 'library'), join(home, 'away'));
    expect(await refusal(home)).toMatchObject({ code: 'library-incomplete' });
  });
});

it('a library that never held an image may be removed', async () => {
  const home = await emptyFolder();
  await (await openTestStudio({ folder: home })).studio.close();
  renameSync(join(home, 'library'), join(home, 'away'));
  await openTestStudio({ folder: home });
});

import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import type { GridImage } from '../../electron/contract/entities/views.ts';
import { expect, it, onTestFinished, type TestContext } from 'vitest';
import type { StudioApi } from '../../electron/contract/api.ts';
import { DEFAULT_CONVERSION } from '../../electron/contract/entities/exports.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { asked, createRequest, demoServer, openTestStudio, until, uploadRequest, whenIndexed } from './test-studio.ts';

const QUESTION = {
  query: '',
  sort: { by: 'date', descending: true },
  grouping: 'day',
  stacking: 'none',
  place: 'library',
} as const;

/** Makes a folder read-only as a medium is: permissions don't hold for root. Skips the test where that isn't allowed. */
function mountReadOnly(folder: string, { skip }: TestContext): void {
  try {
    execFileSync('mount', ['--bind', folder, folder], { stdio: 'ignore' });
    onTestFinished(() => void execFileSync('umount', ['--lazy', folder]));
    execFileSync('mount', ['-o', 'remount,ro,bind', folder], { stdio: 'ignore' });
  } catch {
    skip('Mounting a folder read-only isn’t allowed here.');
  }
}

async function newest(api: StudioApi): Promise<GridImage[]> {
  await whenIndexed(api);
  const { id: viewId } = await api.views.ask({ question: QUESTION });
  return (await api.views.rows({ viewId, from: 0, count: 10 })).flatMap((row) => (row ? [row] : []));
}

it('a library on a read-only medium is searched, shown, exported and copied, and refuses the rest', async (context) => {
  const demo = await demoServer();
  const first = await openTestStudio(demo);
  await first.ended((await first.api.jobs.create(asked(createRequest('a lighthouse')))).id);
  const [made] = await newest(first.api);
  await first.studio.close();
  const library = join(first.folder, 'library');
  mountReadOnly(library, context);

  const { api, studio, folder, log } = await openTestStudio({ ...demo, folder: first.folder });
  expect((await api.settings.get({})).library).toMatchObject({ folder: library, readOnly: true, images: 1 });
  expect(studio.libraryFolder).toBe(library);
  const [image] = await newest(api);
  expect(image).toEqual(made);
  const imageId = (image?.id ?? '') as never;
  const shown = await studio.serveImage(new Request(`http://emulsion/images/original/${image?.id}`));
  expect(shown.status).toBe(200);
  const bytes = Buffer.from(await shown.arrayBuffer());

  const refused = 'This library is read-only. Nothing was sent or changed.';
  await expect(api.jobs.create(asked(createRequest('a house')))).rejects.toThrow(refused);
  const selection = { kind: 'images' as const, imageIds: [imageId] };
  const edit = { kind: 'rate' as const, rating: 4 as const };
  await expect(api.changes.apply({ id: uuid(), selection, edit })).rejects.toThrow(refused);
  const upload = await studio.receiveInput(uploadRequest('x', 'x.png'));
  expect(await upload.json()).toMatchObject({ error: { message: expect.stringContaining(refused) as string } });

  const exported = join(folder, 'exported');
  await mkdir(exported);
  const options = { folder: exported, as: 'files' as const, images: 'originals' as const, names: '{counter}' };
  const run = await api.exports.start({ id: uuid(), selection, options });
  await until(async () => (await api.runs.list({})).some(({ id, endedAt }) => id === run.id && endedAt !== null));
  expect(await readFile(join(exported, '0001.png'))).toEqual(bytes);
  const conversion = { ...DEFAULT_CONVERSION, format: 'webp' as const };
  const converting = { ...options, images: 'converted' as const, conversion };
  await api.exports.start({ id: uuid(), selection, options: converting });
  await until(async () => (await api.runs.list({})).every(({ endedAt }) => endedAt !== null));
  expect((await sharp(join(exported, '0001.webp')).metadata()).format).toBe('webp');

  const target = join(folder, 'copy');
  await api.libraries.copy({ runId: uuid(), folder: target });
  await until(async () => (await api.runs.list({})).every(({ endedAt }) => endedAt !== null));
  expect(await api.runs.list({})).toMatchObject([
    { state: 'done', error: null },
    { state: 'done', error: null },
  ]);
  const copy = await openLibrary(target, sharedDecoding);
  expect(copy.db.prepare('SELECT count(*) FROM images').pluck().get()).toBe(1);
  copy.close();
  const originals = (await readdir(join(target, 'originals'), { recursive: true })).filter((name) =>
    name.includes('.'),
  );
  expect(await readFile(join(target, 'originals', originals[0] ?? ''))).toEqual(bytes);

  await api.libraries.open({ folder: target });
  expect((await api.settings.get({})).library).toMatchObject({ folder: target, images: 1 });
  expect((await api.settings.get({})).library.readOnly).toBeUndefined();
  await newest(api);
  expect(await api.changes.apply({ id: uuid(), selection, edit })).toMatchObject({ images: 1 });
  await studio.close();
  expect(await readdir(join(folder, 'preferences', 'read-only'))).toEqual([]);
  expect(log).toEqual([]);
});

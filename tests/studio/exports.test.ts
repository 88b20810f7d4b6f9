import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ExportOptions } from '../../electron/contract/entities/exports.ts';
import type { RunId } from '../../electron/contract/entities/ids.ts';
import type { Run } from '../../electron/contract/entities/runs.ts';
import { isOpen } from '../../electron/contract/entities/runs.ts';
import type { Selection } from '../../electron/contract/entities/views.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { ALL_IMAGES } from '../all-images.ts';
import { reportOf, savedImage } from '../library/test-library.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { zipContents } from '../library/export/zip-contents.ts';
import {
  asked,
  createRequest,
  demoServer,
  emptyFolder,
  KEY,
  openTestStudio,
  until,
  whenIndexed,
  type TestStudio,
} from './test-studio.ts';

const ALL: Selection = {
  kind: 'view',
  question: ALL_IMAGES,
  ranges: 'all',
  except: [],
  also: [],
  until: Number.MAX_SAFE_INTEGER,
};
const AT = Date.UTC(2026, 5, 15, 12);
const newId = (): RunId => crypto.randomUUID() as RunId;

async function studioWith(prompts: readonly string[]) {
  const folder = await emptyFolder();
  const library = await openLibrary(join(folder, 'library'), { ...sharedDecoding, close: () => undefined });
  for (const [index, prompt] of prompts.entries()) await savedImage(library, { prompt, at: AT + index });
  library.close();
  const opened = await openTestStudio({ folder });
  await whenIndexed(opened.api);
  return opened;
}

/** Exports all images. Resolves to the run once it has ended. */
async function whenExported(api: TestStudio['api'], id: RunId, options: ExportOptions): Promise<Run | undefined> {
  await api.exports.start({ id, selection: ALL, options });
  const last = async (): Promise<Run | undefined> => (await api.runs.list({})).find((run) => run.id === id);
  await until(async () => !isOpen((await last()) ?? { state: 'running' }));
  return last();
}

test('a selection is previewed, counted and exported in its order', async () => {
  const { api } = await studioWith(['a fox', 'a hare', 'an owl', 'a lynx']);
  const preview = await api.exports.preview({ selection: ALL });
  expect(preview.images).toBe(4);
  // Newest first, as the view is.
  expect(preview.first.map(({ prompt }) => prompt)).toEqual(['a lynx', 'an owl', 'a hare']);
  expect(preview.first[0]).toMatchObject({ format: 'png', quality: 'high', model: 'gpt-image-2', rating: 0 });
  expect(await api.exports.countSigned({ selection: ALL })).toBe(0);
  expect(await api.exports.countSigned({ selection: null })).toBeNull();

  const target = await emptyFolder();
  const id = newId();
  const options = { folder: target, as: 'files' as const, images: 'originals' as const, names: '{counter} {prompt}' };
  expect(await whenExported(api, id, options)).toMatchObject({
    state: 'done',
    result: { path: target, images: 4, failed: 0 },
  });
  expect((await readdir(target)).sort()).toEqual([
    '0001 a lynx.png',
    '0002 an owl.png',
    '0003 a hare.png',
    '0004 a fox.png',
  ]);
  expect((await readFile(join(target, '0001 a lynx.png'))).subarray(1, 4).toString()).toBe('PNG');
  expect((await reportOf(() => api.exports.reveal({ runId: id }))).message).toContain(target);
  expect(await reportOf(() => api.exports.reveal({ runId: newId() }))).toMatchObject({ code: 'not-found' });
});

test('nothing, and a folder in the library, are refused before anything is written', async () => {
  const { api, folder } = await studioWith(['a fox']);
  const target = join(folder, 'target');
  await mkdir(target);
  const options = { folder: target, as: 'files' as const, images: 'originals' as const, names: '{prompt}' };
  const nothing: Selection = { kind: 'images', imageIds: [] };
  expect((await reportOf(() => api.exports.start({ id: newId(), selection: nothing, options }))).message).toContain(
    'no images',
  );
  const inside = { ...options, folder: join(folder, 'library') };
  const refused = await reportOf(() => api.exports.start({ id: newId(), selection: ALL, options: inside }));
  expect(refused.code).toBe('parameter-invalid');
  expect(await readdir(target)).toEqual([]);
  expect((await reportOf(() => api.host.chooseExportFolder({}))).code).toBe('unsupported-here');
});

test('the key is in no export', async () => {
  const { baseUrl } = await demoServer();
  const { api, ended } = await openTestStudio({ baseUrl });
  await whenIndexed(api);
  const job = await ended((await api.jobs.create(asked(createRequest('a fox in snow')))).id);
  expect(job.state).toBe('done');
  await until(async () => (await api.exports.preview({ selection: ALL })).images === 1);
  const target = await emptyFolder();
  for (const as of ['zip', 'files'] as const) {
    const options = { folder: target, as, images: 'copies' as const, names: '{prompt}' };
    expect(await whenExported(api, newId(), options)).toMatchObject({
      state: 'done',
      result: { images: 1, failed: 0 },
    });
  }
  const zip = join(target, (await readdir(target)).find((name) => name.endsWith('.zip')) ?? '');
  const contents = await zipContents(zip);
  expect([...contents.keys()].find((name) => name.startsWith('records/'))).toBeDefined();
  const all = [await readFile(zip), await readFile(join(target, 'a fox in snow.png')), ...contents.values()];
  const everything = all.map((bytes) => bytes.toString('latin1')).join('\n');
  expect(everything).toContain('a fox in snow');
  const forms = [
    KEY,
    encodeURIComponent(KEY),
    ...(['base64', 'hex'] as const).map((as) => Buffer.from(KEY).toString(as)),
  ];
  for (const form of forms) expect(everything).not.toContain(form);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { v7 as uuid } from 'uuid';
import type { RunId } from '../../electron/contract/entities/ids.ts';
import type { Run } from '../../electron/contract/entities/runs.ts';
import {
  asked,
  createRequest,
  demoServer,
  openTestStudio,
  startTestServer,
  until,
  type TestStudio,
} from './test-studio.ts';

const DEMO_TIME_MS = 30_000;

/** Whether the images' previews were made, and their records say so. */
function isDeveloped(folder: string): boolean {
  const names = readdirSync(join(folder, 'records'), { recursive: true, encoding: 'utf8' });
  const records = names.filter((name) => /[0-9a-f]{12}\.json$/u.test(name));
  const texts = records.map((name) => readFileSync(join(folder, 'records', name), 'utf8'));
  return texts.length > 0 && texts.every((text) => /"thumbhash": "/u.test(text));
}

/** Copies the open library to a folder and opens the copy. @returns the folder of the old one */
async function openCopy({ studio, api }: TestStudio, copy: string): Promise<string> {
  const former = studio.libraryFolder;
  const runId = uuid() as RunId;
  const ended = new Promise<Run>((resolve) => {
    const stop = api.subscribe((event) => {
      if (event.type !== 'run' || event.run.id !== runId || event.run.endedAt === null) return;
      stop();
      resolve(event.run);
    });
  });
  await api.libraries.copy({ runId, folder: copy });
  expect(await ended).toMatchObject({ state: 'done', error: null });
  await api.libraries.open({ folder: copy });
  return former;
}

it('a library is moved: copied, opened, and its old folder goes to the trash', { timeout: DEMO_TIME_MS }, async () => {
  const { baseUrl } = await demoServer();
  const moved: string[] = [];
  const trash = (path: string): Promise<void> => (moved.push(path), rename(path, `${path}.trashed`));
  const opened = await openTestStudio({ baseUrl, trash });
  const { studio, api, folder, ended } = opened;
  const made = await api.jobs.create(asked(createRequest('a lighthouse')));
  await ended(made.id);
  await until(() => isDeveloped(studio.libraryFolder));
  expect(await api.libraries.former({})).toBeNull();
  const former = await openCopy(opened, join(folder, 'copy'));

  expect(await api.libraries.former({})).toEqual({ folder: former, canTrash: true });
  await expect(api.libraries.trashFormer({ folder: join(folder, 'copy') })).rejects.toMatchObject({
    code: 'parameter-invalid',
  });
  expect(moved).toEqual([]);
  await api.libraries.trashFormer({ folder: former });
  expect(moved).toEqual([former]);
  expect(existsSync(former)).toBe(false);
  expect(await api.libraries.former({})).toBeNull();
  expect(await api.libraries.list({})).toEqual([]);
  expect((await api.settings.get({})).library).toMatchObject({ folder: join(folder, 'copy'), images: 1 });
});

it('the question outlives a restart, and a host without a trash refuses', async () => {
  const opened = await openTestStudio();
  const former = await openCopy(opened, join(opened.folder, 'copy'));
  await opened.studio.close();
  const { api } = await openTestStudio({ folder: opened.folder });
  expect(await api.libraries.former({})).toEqual({ folder: former, canTrash: false });
  await expect(api.libraries.trashFormer({ folder: former })).rejects.toMatchObject({ code: 'unsupported-here' });
  expect(existsSync(former)).toBe(true);
  await api.libraries.keepFormer({});
  expect(await api.libraries.former({})).toBeNull();
});

it('nothing is moved while requests go on', async () => {
  const server = await startTestServer(() => undefined);
  const opened = await openTestStudio({
    baseUrl: server.baseUrl,
    trash: () => Promise.reject(new Error('It was moved.')),
  });
  const { api } = opened;
  const former = await openCopy(opened, join(opened.folder, 'copy'));
  const { id } = await api.jobs.create(asked(createRequest('a lighthouse')));
  await expect(api.libraries.trashFormer({ folder: former })).rejects.toThrow(/aren’t finished/u);
  await api.jobs.cancel({ jobId: id });
  expect(existsSync(former)).toBe(true);
});

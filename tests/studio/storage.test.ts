import { readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { damagedColumns, openLibrary } from '../../electron/library/library.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { startTestServer, asked, createRequest, emptyFolder, openTestStudio } from './test-studio.ts';
import { smallPng } from '../library/test-library.ts';

test('a library without its incoming folder: held, said, and sent after Check again', async () => {
  const image = (await smallPng()).toString('base64');
  const server = await startTestServer((_request, response) =>
    response.end(JSON.stringify({ data: [{ b64_json: image }] })),
  );
  const { api, studio, ended } = await openTestStudio({ baseUrl: server.baseUrl });
  rmSync(join(studio.libraryFolder, 'incoming'), { recursive: true });
  const { id } = await api.jobs.create(asked(createRequest('held')));
  await expect.poll(async () => (await api.queue.get({})).storage?.cause.fault).toBe('incoming-missing');
  expect(server.posts).toBe(0);
  expect(await api.jobs.list({})).toMatchObject([{ id, state: 'waiting', error: null }]);
  expect((await api.queue.checkStorage({})).storage).toBeNull();
  expect(await ended(id)).toMatchObject({ state: 'done', error: null });
  expect(server.posts).toBe(1);
});

test('a library that is gone while the answer arrives: rescued, and saved again by the person', async () => {
  const image = (await smallPng()).toString('base64');
  const arrived = Promise.withResolvers<() => void>();
  const server = await startTestServer((_request, response) => {
    response.write(`{"data":[{"b64_json":"${image.slice(0, 100)}`);
    arrived.resolve(() => response.end(`${image.slice(100)}"}]}`));
  });
  const { api, studio, folder, ended } = await openTestStudio({ baseUrl: server.baseUrl });
  const incoming = join(studio.libraryFolder, 'incoming');
  const { id } = await api.jobs.create(asked(createRequest('rescued')));
  const finish = await arrived.promise;
  await expect.poll(() => readdirSync(incoming).length).toBe(1);
  renameSync(incoming, `${incoming}-away`);
  finish();
  const job = await ended(id);
  expect(job).toMatchObject({
    state: 'failed',
    error: { billing: 'billed', detail: { kind: 'image-unsaved', kept: true } },
  });
  expect(dirname(job.unsaved?.[0]?.path ?? '')).toBe(join(folder, 'rescue'));
  await expect(api.jobs.saveAgain({ jobId: id })).rejects.toThrow(/couldn’t be saved/u);
  expect((await api.jobs.history({ after: null, limit: 10 })).jobs).toMatchObject([{ id, unsaved: [{}] }]);
  renameSync(`${incoming}-away`, incoming);
  expect(await api.jobs.saveAgain({ jobId: id })).toMatchObject({
    state: 'done',
    error: null,
    generations: [{ images: [{}] }],
  });
  expect(server.posts).toBe(1);
});

test('a start that fails leaves nothing behind that the next try would double', async () => {
  const folder = await emptyFolder();
  const other = await openLibrary(join(folder, 'library'), sharedDecoding);
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
  const before = timers();
  await expect(openTestStudio({ folder })).rejects.toMatchObject({ code: 'library-locked' });
  expect(damagedColumns.hasSubscribers).toBe(false);
  expect(timers()).toBeLessThanOrEqual(before);
  other.close();
});

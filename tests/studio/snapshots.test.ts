import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { expect, it } from 'vitest';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { ImageId, RunId } from '../../electron/contract/entities/ids.ts';
import { RESTORE_STEPS } from '../../electron/library/restore/steps.ts';
import { STEP_NAMES } from '../../electron/studio/handlers/restore-texts.ts';
import { asked, createRequest, demoServer, openTestStudio, until, whenIndexed } from './test-studio.ts';

async function makeSnapshot(api: StudioApi): Promise<void> {
  const { id } = await api.snapshots.make({ runId: uuid() });
  await until(async () => (await api.runs.list({})).some((run) => run.id === id && run.state === 'done'));
}

it('a snapshot is made when it is asked for, and listed', async () => {
  const { api, folder } = await openTestStudio();
  expect(await api.snapshots.list({})).toEqual([]);
  await makeSnapshot(api);
  const [run] = await api.runs.list({});
  const [made] = await api.snapshots.list({});
  expect(run).toMatchObject({ kind: 'snapshot', error: null, result: made });
  expect(made).toMatchObject({ reason: 'manual' });
  expect(existsSync(join(folder, 'library', 'snapshots', made?.name ?? ''))).toBe(true);
});

it('a snapshot is restored while the application runs: what was changed since is undone, what was received since stays', async () => {
  const { baseUrl } = await demoServer();
  const { api, studio, ended } = await openTestStudio({ baseUrl });
  const receive = async (prompt: string): Promise<ImageId> => {
    const job = asked(createRequest(prompt));
    await api.jobs.create(job);
    await ended(job.id);
    const [image] = (await api.library.newest({ limit: 1 })).images;
    if (!image) throw new Error('An image.');
    return image.id;
  };
  const rate = async (image: ImageId, rating: 1 | 4): Promise<void> => {
    await whenIndexed(api);
    await api.changes.apply({
      id: uuid(),
      selection: { kind: 'images', imageIds: [image] },
      edit: { kind: 'rate', rating },
    });
    await until(async () => (await api.library.image({ imageId: image })).marks.rating === rating);
  };
  const first = await receive('a fox');
  await rate(first, 4);
  await makeSnapshot(api);
  await rate(first, 1);
  const second = await receive('a second fox');
  const [snapshot] = await api.snapshots.list({});
  const opened: string[] = [];
  studio.subscribe((event) => event.type === 'library-opened' && opened.push(event.folder));
  await api.snapshots.restore({ runId: uuid(), name: snapshot?.name ?? '' });

  expect(opened).toEqual([studio.libraryFolder]);
  expect((await api.library.image({ imageId: first })).marks.rating).toBe(4);
  expect((await api.library.image({ imageId: second })).prompt).toBe('a second fox');
  expect((await api.snapshots.list({})).map(({ reason }) => reason)).toEqual(['restore', 'manual']);
  await whenIndexed(api);
  expect((await api.library.newest({ limit: 5 })).all).toBe(2);
  await receive('a third fox');
});

it('a restore says its steps, and cancelled in one leaves the library as it was, open', async () => {
  const { api, studio, log } = await openTestStudio();
  const draft = await api.prompts.list({});
  await makeSnapshot(api);
  const [snapshot] = await api.snapshots.list({});
  const restore = async (cancelIn: string | null) => {
    const runId = uuid() as RunId;
    const steps: (string | null)[] = [];
    const said: (string | null)[] = [];
    const stop = api.subscribe((event) => {
      if (event.type === 'library-opened') said.push(event.said);
      if (event.type !== 'run' || event.run.id !== runId) return;
      if (event.run.name !== steps.at(-1)) steps.push(event.run.name);
      if (event.run.name === cancelIn) void api.runs.cancel({ runId });
    });
    const failure: unknown = await api.snapshots
      .restore({ runId, name: snapshot?.name ?? '' })
      .catch((e: unknown) => e);
    stop();
    return { steps, said, failure };
  };

  const cancelled = await restore(STEP_NAMES.records);
  expect(cancelled.said).toEqual(['The restore was cancelled. Nothing was changed.']);
  expect(cancelled.failure).toMatchObject({ code: 'cancelled' });
  expect((await api.snapshots.list({})).map(({ name }) => name)).toEqual([snapshot?.name]);
  expect(await api.prompts.list({})).toEqual(draft);

  const ended = await restore('no step');
  expect(ended.steps).toEqual([null, ...RESTORE_STEPS.map((step) => STEP_NAMES[step])]);
  expect(ended.failure).toBeNull();
  expect(ended.said).toEqual([
    expect.stringMatching(/^The snapshot was restored\. The replaced database is kept as /u),
  ]);
  expect(studio.unfinishedJobs()).toEqual([]);
  expect(log).toEqual([]);
});

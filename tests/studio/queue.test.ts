import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { BatchId, JobId } from '../../electron/contract/entities/ids.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { asked, createRequest, demoServer, openTestStudio } from './test-studio.ts';

describe('the queue through the API', () => {
  test('can be paused, reordered and resumed, and emits its state', async () => {
    const server = await demoServer();
    const { api, ended } = await openTestStudio({ baseUrl: server.baseUrl });
    const events: StudioEvent[] = [];
    api.subscribe((event) => events.push(event));
    expect(await api.queue.setPaused({ paused: true })).toEqual({
      paused: true,
      suspended: false,
      order: [],
      holds: [],
      storage: null,
    });
    const first = await api.jobs.create(asked(createRequest('First')));
    const second = await api.jobs.create(asked(createRequest('Second')));
    expect((await api.jobs.move({ jobId: second.id, before: first.id })).order).toEqual([second.id, first.id]);
    expect(await api.queue.get({})).toMatchObject({ paused: true, order: [second.id, first.id] });
    expect(events.at(-1)).toMatchObject({ type: 'queue', queue: { order: [second.id, first.id] } });
    await api.queue.setPaused({ paused: false });
    const jobs = await Promise.all([ended(first.id), ended(second.id)]);
    expect(jobs.map(({ state }) => state)).toEqual(['done', 'done']);
    const history = await api.jobs.history({ after: null, limit: 1 });
    expect(history.jobs.map(({ id }) => id)).toEqual([second.id]);
    const rest = await api.jobs.history({ after: history.next, limit: 5 });
    expect(rest).toMatchObject({ jobs: [{ id: first.id }], next: null });
  });

  test('accepts a batch, and the same batch again after a restart', async () => {
    const server = await demoServer();
    const first = await openTestStudio({ baseUrl: server.baseUrl });
    const payload = {
      id: uuid() as BatchId,
      batch: { base: createRequest('{A kite|A boat}'), models: [], qualities: [] },
    };
    const batch = await first.api.jobs.createBatch(payload);
    for (const { jobId } of batch.cells) expect((await first.ended(jobId)).state).toBe('done');
    const input = asked(createRequest('Once'));
    await first.api.jobs.create(input);
    const made = await first.ended(input.id);
    await first.studio.close();

    const second = await openTestStudio({ baseUrl: server.baseUrl, folder: first.folder });
    const again = await second.api.jobs.createBatch(payload);
    expect(again.cells.map(({ at, jobId }) => [at, jobId])).toEqual(batch.cells.map(({ at, jobId }) => [at, jobId]));
    const known = await second.api.jobs.create(input);
    expect(known.generations[0]?.images[0]?.id).toBe(made.generations[0]?.images[0]?.id);
    expect((await second.api.library.newest({ limit: 10 })).all).toBe(3);
    await expect(second.api.jobs.getBatch({ batchId: uuid() })).rejects.toThrow('has no batch');
  });

  test('needs confirmation above the monthly cap of the settings', async () => {
    const server = await demoServer();
    const { api, ended } = await openTestStudio({ baseUrl: server.baseUrl });
    await api.settings.change({ monthlyCap: 10_000 });
    const payload = asked(createRequest('Dear', { quality: 'high' }));
    await expect(api.jobs.create(payload)).rejects.toMatchObject({ code: 'cap-reached' });
    expect((await ended((await api.jobs.create({ ...payload, overCap: true })).id)).state).toBe('done');
  });

  test('is suspended and resumed with the computer', async () => {
    const server = await demoServer();
    const { api, studio } = await openTestStudio({ baseUrl: server.baseUrl });
    studio.suspend();
    const { id } = await api.jobs.create(asked(createRequest('Asleep')));
    expect(await api.queue.get({})).toMatchObject({ suspended: true, order: [id] });
    await api.jobs.cancel({ jobId: id satisfies JobId });
    expect((await api.queue.get({})).order).toEqual([]);
  });
});

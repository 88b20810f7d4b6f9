import { expect, test } from 'vitest';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { findPrices } from '../../electron/contract/entities/money.ts';
import { asked, createRequest, demoServer, startTestServer, openTestStudio, type TestStudio } from './test-studio.ts';

const MODEL = 'gpt-image-2.6-sunburst';

async function make(far: TestStudio, request: JobRequest): Promise<Job> {
  const input = asked(request);
  await far.api.jobs.create(input);
  return far.ended(input.id);
}

const span = (): { from: number; to: number } => ({ from: Date.now() - 60_000, to: Date.now() + 60_000 });
const read = ({ api }: TestStudio) => {
  const of = span();
  return api.spending.get({ span: of, steps: [of.from] });
};

test('the cost of a request is computed from its usage, stored, and the same everywhere', async () => {
  const far = await openTestStudio({ baseUrl: (await demoServer()).baseUrl });
  const { id: collectionId } = await far.api.collections.create({ name: 'Ships' });
  const request = { ...createRequest('a ship', { quality: 'low', n: 3 }), collectionId };
  const job = await make(far, request);
  expect(job.state).toBe('done');

  const [image] = job.generations[0]?.images ?? [];
  if (!image) throw new Error('No image was created.');
  const record = await far.api.library.image({ imageId: image.id });
  const usage = record.generation?.answer?.usage;
  const prices = findPrices(MODEL, []).prices;
  const cost =
    (usage?.input_tokens ?? 0) * (prices?.textIn ?? 0) + (usage?.output_tokens ?? 0) * (prices?.imageOut ?? 0);
  expect(cost).toBeGreaterThan(0);
  expect(record.generation).toMatchObject({ cost, costBasis: 'usage' });
  expect(record.collections).toEqual([{ id: collectionId, name: 'Ships', position: 1 }]);
  const siblings = await Promise.all(record.siblings.map(({ id }) => far.api.library.image({ imageId: id })));
  expect(siblings.reduce((sum, sibling) => sum + (sibling.cost ?? 0), 0)).toBe(cost);

  expect(await read(far)).toMatchObject({
    total: cost,
    images: 3,
    bars: [{ model: MODEL, cost }],
    models: [{ name: MODEL, images: 3, cost }],
    collections: [{ name: 'Ships', images: 3, cost }],
    uncertain: [],
  });
  expect((await far.api.library.recentJobs({ limit: 1 }))[0]?.cost).toBe(cost);
  const { lines } = await far.api.spending.lines({ span: span(), after: null, limit: 10 });
  expect(lines).toMatchObject([{ cost, images: 3, collections: ['Ships'], outputTokens: usage?.output_tokens }]);
  const { min = 0, max = 0 } = record.generation?.estimate ?? {};
  expect(min).toBeLessThanOrEqual(cost);
  expect(max).toBeGreaterThanOrEqual(cost);
});

test('a changed price does not change recorded costs', async () => {
  const far = await openTestStudio({ baseUrl: (await demoServer()).baseUrl });
  await make(far, createRequest('a ship', { quality: 'low' }));
  const before = (await read(far)).total;
  const prices = { ...(findPrices(MODEL, []).prices ?? failed()), imageOut: 300 };
  await far.api.settings.change({ prices: [{ model: MODEL, prices, date: '2026-11-22' }] });
  expect((await read(far)).total).toBe(before);
  await make(far, createRequest('a ship', { quality: 'low' }));
  expect((await read(far)).total).toBeGreaterThan(before * 8);
});

test('the demo profile costs nothing and does not count as spending', async () => {
  const far = await openTestStudio({ baseUrl: (await demoServer()).baseUrl });
  const [demo] = (await far.api.settings.get({})).profiles.filter(({ kind }) => kind === 'demo');
  if (!demo) throw new Error('There is no demo profile.');
  const job = await make(far, { ...createRequest('a ship', { quality: 'low' }), profileId: demo.id });
  expect(job.generations[0]).toMatchObject({ state: 'done', cost: 0 });
  expect(await read(far)).toMatchObject({ total: 0, images: 0, models: [], uncertain: [] });
});

test('an interrupted request is uncertain, with its highest estimate', async () => {
  const server = await startTestServer((request) => request.socket.destroy());
  const far = await openTestStudio({ baseUrl: server.baseUrl });
  const job = await make(far, createRequest('a ship', { quality: 'low' }));
  const { total, uncertain } = await read(far);
  expect(total).toBe(0);
  expect(uncertain).toMatchObject([
    { generationId: job.generations[0]?.id, state: 'failed', billing: 'possible', max: job.estimate?.max },
  ]);
  expect(uncertain[0]?.max).toBeGreaterThan(0);
});

test('three requests make a history, and the next estimate is based on it', async () => {
  const far = await openTestStudio({ baseUrl: (await demoServer()).baseUrl });
  for (const prompt of ['one', 'two', 'three']) await make(far, createRequest(prompt, { quality: 'low' }));
  const { entries } = await far.api.spending.tokenHistory({ model: MODEL });
  expect(entries).toEqual(
    Array.from({ length: 3 }, () => ({
      quality: 'low',
      asked: 'low',
      pixels: 1024 * 1024,
      outputTokens: 272,
      partials: 0,
    })),
  );
  const job = await make(far, createRequest('four', { quality: 'low' }));
  const { min = 0, max = 0 } = job.estimate ?? {};
  expect(min).toBeGreaterThanOrEqual(272 * 30);
  expect(max).toBeLessThan(300 * 30);
});

function failed(): never {
  throw new Error('The catalogue has no price for it.');
}

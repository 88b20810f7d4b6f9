import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { StudioError, type ErrorReport } from '../../electron/contract/errors/errors.ts';
import { STANDARD_SERVER } from '../../electron/contract/catalogue/servers.ts';
import { calendarMonth } from '../../electron/jobs/monthly-cap.ts';
import { savedImage, withBytes } from '../library/test-library.ts';
import { gate } from './response-gate.ts';
import { ONE_DOLLAR_PER_IMAGE, images, testJobService, jobRequest, type TestJobService } from './test-job-service.ts';

const DOLLAR = 1_000_000;
const newId = (): JobId => uuid() as JobId;

async function refused(attempt: Promise<unknown>): Promise<ErrorReport> {
  try {
    await attempt;
  } catch (thrown) {
    if (thrown instanceof StudioError) return thrown.report;
    throw thrown;
  }
  throw new Error('It was not refused.');
}

const jobsIn = ({ library }: TestJobService): number =>
  (library.db.prepare('SELECT count(*) AS count FROM jobs').get() as { count: number }).count;

describe('a job created twice', () => {
  test('returns the existing job, queued or done, with one POST', async () => {
    const run = await testJobService(await images());
    const input = { id: newId(), request: jobRequest('one click', { quality: undefined as never }), overCap: false };
    const both = await Promise.all([run.queue.create(input), run.queue.create(input)]);
    expect(both.map(({ id }) => id)).toEqual([input.id, input.id]);
    const done = await run.ended(input.id);
    const again = await run.queue.create({
      ...input,
      request: JSON.parse(JSON.stringify(input.request)) as JobRequest,
    });
    expect(again).toMatchObject({ id: input.id, state: 'done' });
    expect(again.generations[0]?.images).toHaveLength(done.generations[0]?.images.length ?? -1);
    await run.queue.close();
    expect(run.server.begun).toHaveLength(1);
    expect(jobsIn(run)).toBe(1);
  });

  test('with another request is refused, concurrently and later', async () => {
    const run = await testJobService(await images());
    const id = newId();
    const first = run.queue.create({ id, request: jobRequest('this'), overCap: false });
    const other = { id, request: jobRequest('that'), overCap: false };
    expect(await refused(run.queue.create(other))).toMatchObject({ code: 'bad-payload', billing: 'none' });
    await first;
    await run.ended(id);
    expect((await refused(run.queue.create(other))).message).toMatch(/Nothing was sent\.$/u);
    expect(run.prompts()).toEqual(['this']);
  });

  test('is found while it is being created, and is the same after a restart', async () => {
    const run = await testJobService(await images());
    const input = { id: newId(), request: jobRequest('one click'), overCap: false };
    expect(await run.queue.find(input.id)).toBeNull();
    const [made, found] = await Promise.all([run.queue.create(input), run.queue.find(input.id)]);
    expect(found?.id).toBe(made.id);
    await run.ended(input.id);
    await run.queue.close();
    run.library.close();
    const later = await testJobService(await images(), { folder: run.library.folder });
    expect(await later.queue.create(input)).toMatchObject({ id: input.id, state: 'done' });
    const other = { ...input, request: jobRequest('another') };
    expect((await refused(later.queue.create(other))).message).toBe(
      'This id already belongs to another request. Nothing was sent.',
    );
    expect(run.server.begun.length + later.server.begun.length).toBe(1);
  });

  test('is null for a creation that is refused meanwhile', async () => {
    const run = await testJobService(await images());
    const id = newId();
    const made = run.queue.create({ id, request: jobRequest(''), overCap: false });
    const found = run.queue.find(id);
    expect(await refused(made)).toMatchObject({ code: 'prompt-empty' });
    expect(await found).toBeNull();
  });

  test('can be created after a refusal', async () => {
    const run = await testJobService(await images());
    const id = newId();
    expect((await refused(run.queue.create({ id, request: jobRequest(''), overCap: false }))).code).toBe(
      'prompt-empty',
    );
    await run.queue.create({ id, request: jobRequest('now with words'), overCap: false });
    expect((await run.ended(id)).state).toBe('done');
  });
});

describe('the sent request', () => {
  test('follows the server’s abilities', async () => {
    const plain = { ...STANDARD_SERVER, streaming: false, never: { quality: 'it knows none' } };
    const run = await testJobService(await images(2), { profiles: { environment: { server: plain } } });
    const { id } = await run.queue.ask(
      jobRequest('two at once', { n: 2, stream: true, partial_images: 2, quality: 'high' }),
    );
    expect((await run.ended(id)).generations).toHaveLength(1);
    expect(run.server.requests[0]?.json).toEqual({
      prompt: 'two at once',
      model: 'gpt-image-2.6-sunburst',
      size: '1024x1024',
      n: 2,
    });
    const variation = {
      ...jobRequest('unused'),
      operation: 'variation',
      parameters: { model: 'x' },
      inputs: [],
    } as JobRequest;
    const none = { ...STANDARD_SERVER, operations: ['create'] as const };
    const narrow = await testJobService(await images(), { profiles: { environment: { server: none } } });
    expect(await refused(narrow.queue.ask(variation))).toMatchObject({ code: 'parameter-invalid', field: 'model' });
  });

  test('is one for several GIFs, and refused for several SVGs', async () => {
    const run = await testJobService(await images(2));
    const gif = jobRequest('moving', { output_format: 'gif', n: 2, stream: true, size: 'auto' });
    expect((await run.ended((await run.queue.ask(gif)).id)).generations).toHaveLength(1);
    const svg = jobRequest('drawn', { output_format: 'svg', n: 2, stream: true, size: 'auto' });
    expect(await refused(run.queue.ask(svg))).toMatchObject({ code: 'parameter-invalid', field: 'n' });
    expect(run.server.begun).toHaveLength(1);
  });

  test('is refused before it is recorded for an input that the model does not support', async () => {
    const run = await testJobService(await images());
    const { id: image } = await savedImage(run.library);
    const input = { role: 'image' as const, ...withBytes(run.library, { id: image }), image };
    const edit: JobRequest = {
      ...jobRequest('unused'),
      operation: 'edit',
      parameters: { model: 'dall-e-2', prompt: 'an edit', size: '256x256' },
      inputs: [{ role: input.role, sha256: input.sha256, image }],
    };
    expect(await refused(run.queue.ask(edit))).toMatchObject({
      code: 'input-invalid',
      field: 'image',
      billing: 'none',
    });
    expect(run.server.begun).toEqual([]);
    expect(jobsIn(run)).toBe(1);
  });
});

describe('the cost', () => {
  test('is estimated before sending, for the job and each request, and known afterwards', async () => {
    const run = await testJobService(await images(), { prices: ONE_DOLLAR_PER_IMAGE });
    const job = await run.queue.ask(jobRequest('three', { n: 3, stream: true }));
    expect(job.estimate).toEqual({ min: 3 * DOLLAR, max: 3 * DOLLAR });
    const done = await run.ended(job.id);
    expect(done.generations.map(({ cost }) => cost)).toEqual([DOLLAR, DOLLAR, DOLLAR]);
  });

  test('is 0 for a free profile, also after a failure', async () => {
    const run = await testJobService(
      { status: 500, body: '{}' },
      {
        prices: ONE_DOLLAR_PER_IMAGE,
        profiles: { environment: { free: true } },
        cap: () => 0,
      },
    );
    const { id } = await run.queue.ask(jobRequest('free'));
    expect(await run.ended(id)).toMatchObject({ estimate: { min: 0, max: 0 }, generations: [{ cost: 0 }] });
  });

  test('is unknown for an incomplete response', async () => {
    const run = await testJobService({ status: 500, body: '{}' }, { prices: ONE_DOLLAR_PER_IMAGE });
    expect((await run.ended((await run.queue.ask(jobRequest('lost'))).id)).generations[0]?.cost).toBeNull();
  });
});

describe('the monthly cap', () => {
  test('needs confirmation, counts spent and reserved amounts, and sends nothing', async () => {
    const { far, release } = gate(await images());
    const run = await testJobService(far, { prices: ONE_DOLLAR_PER_IMAGE, cap: () => 3.5 * DOLLAR, concurrency: 1 });
    const spent = await run.queue.ask(jobRequest('spent'));
    await expect.poll(() => run.server.requests.length).toBe(1);
    release();
    await run.ended(spent.id);
    await run.queue.ask(jobRequest('under way'));
    await run.queue.ask(jobRequest('waiting'));
    await expect.poll(() => run.server.requests.length).toBe(2);
    const report = await refused(run.queue.ask(jobRequest('one too many')));
    expect(report).toMatchObject({ code: 'cap-reached', billing: 'none' });
    expect(report.message).toContain('your monthly limit of $3.50');
    expect(report.message).toContain('$0.50 is left, with $2.00 reserved for unfinished requests');
    expect(report.message).toContain('Estimated cost: up to $1.00. Nothing was sent.');
    expect(jobsIn(run)).toBe(3);
    const over = await run.queue.ask(jobRequest('the person said yes'), true);
    expect(over.state).toBe('waiting');
    const none = await refused(run.queue.ask(jobRequest('again')));
    expect(none.message).toContain('nothing is left');
  });

  test('asks before every request that costs something while the stored cap is unknown', async () => {
    const run = await testJobService(await images(), { prices: ONE_DOLLAR_PER_IMAGE, cap: () => 'unknown' });
    const report = await refused(run.queue.ask(jobRequest('a fox')));
    expect(report).toMatchObject({ code: 'cap-reached', billing: 'none', detail: { kind: 'cap-unknown' } });
    expect(report.message).toContain('Estimated cost: up to $1.00. Nothing was sent.');
    expect((await run.ended((await run.queue.ask(jobRequest('a fox'), true)).id)).state).toBe('done');
    const free = await testJobService(await images(), {
      cap: () => 'unknown',
      profiles: { environment: { free: true } },
    });
    expect((await free.ended((await free.queue.ask(jobRequest('free'))).id)).state).toBe('done');
  });

  test('needs no confirmation below it, without a cap, or for a free profile', async () => {
    const run = await testJobService(await images(), { prices: ONE_DOLLAR_PER_IMAGE, cap: () => DOLLAR });
    expect((await run.ended((await run.queue.ask(jobRequest('the last dollar'))).id)).state).toBe('done');
    const free = await testJobService(await images(), { cap: () => 0, profiles: { environment: { free: true } } });
    expect((await free.ended((await free.queue.ask(jobRequest('free'))).id)).state).toBe('done');
  });

  test('releases the reserved amount of a failed request that was not billed', async () => {
    const run = await testJobService({ status: 400, body: '{}' }, { prices: ONE_DOLLAR_PER_IMAGE, cap: () => DOLLAR });
    for (const prompt of ['once', 'twice']) await run.ended((await run.queue.ask(jobRequest(prompt))).id);
    expect(run.server.begun).toHaveLength(2);
  });

  test('needs confirmation for an unknown cost, and says how to enter prices', async () => {
    let cap: number | null = null;
    const run = await testJobService(await images(), { prices: null, cap: () => cap });
    const unknown = jobRequest('unknown cost', { model: 'my-own-model' });
    const job: Job = await run.ended((await run.queue.ask(unknown)).id);
    expect(job.estimate).toBeNull();
    cap = DOLLAR;
    const report = await refused(run.queue.ask(unknown));
    expect(report.message).toContain('The cost is unknown: set a price for the model in Spending.');
    expect(run.server.begun).toHaveLength(1);
  });

  test('applies to a calendar month in local time', () => {
    const { from, to } = calendarMonth(new Date(2026, 11, 31, 23, 59).getTime());
    expect([new Date(from), new Date(to)]).toEqual([new Date(2026, 11, 1), new Date(2027, 0, 1)]);
  });
});

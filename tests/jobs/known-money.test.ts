import { describe, expect, it } from 'vitest';
import fc from '../fast-check.ts';
import { tokenPrices } from '../../electron/contract/entities/money.ts';
import type { GenerationId, JobId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { priceKeptResponses, recoverJobs } from '../../electron/jobs/recover-jobs.ts';
import type { Pricing } from '../../electron/jobs/request-cost.ts';
import {
  finishGeneration,
  markSent,
  readGeneration,
  recordAnswer,
  recordResponseHead,
} from '../../electron/library/jobs/generations.ts';
import { finishJob, readJob, startJob } from '../../electron/library/jobs/jobs.ts';
import { settleSavedLate } from '../../electron/library/jobs/settle-saved-late.ts';
import { addDocument } from '../../electron/library/jobs/responses.ts';
import { saveImage } from '../../electron/library/images/save-image.ts';
import type { Library } from '../../electron/library/library.ts';
import { spentBetween } from '../../electron/library/jobs/spending.ts';
import type { Script } from '../fakes/recording-server.ts';
import { intentFor, receiveFile, recordRequest, smallPng, testLibrary } from '../library/test-library.ts';
import { jobRequest, refuse, testJobService, type TestJobService } from './test-job-service.ts';

const PRICES = tokenPrices({ textIn: 5, imageIn: 8, imageOut: 30 });
const USAGE = {
  input_tokens: 10,
  input_tokens_details: { text_tokens: 10, image_tokens: 0 },
  output_tokens: 100,
};
const COST = 10 * 5 + 100 * 30;
const PRICING: Pricing = { findPrices: () => PRICES, monthlyCap: () => null };
const EVER = { from: 0, to: 1e15 };

const event = (fields: object): string => `data: ${JSON.stringify(fields)}\n\n`;
const stream = (...body: NonNullable<Exclude<Script['body'], string | Uint8Array>>): Script => ({
  headers: { 'content-type': 'text/event-stream' },
  body,
});
const COMPLETED = { type: 'image_generation.completed', usage: USAGE };

async function pngText(): Promise<string> {
  return (await smallPng()).toString('base64');
}

/** Runs one request to its end. `act`: what happens once its usage is recorded. */
async function run(script: Script, act?: (run: TestJobService, id: JobId) => unknown): Promise<[TestJobService, Job]> {
  const service = await testJobService(script, { prices: PRICES });
  const { id } = await service.queue.ask(jobRequest('refused', { stream: true }));
  if (act) {
    await expect.poll(() => billingNow(service, id)).toBe('billed');
    await act(service, id);
  }
  return [service, await service.ended(id)];
}

function billingNow({ library }: TestJobService, id: JobId): string | undefined {
  return readJob(library.db, id)?.generations[0]?.billing;
}

describe('usage that arrived is priced when the request', () => {
  it.each<[string, () => Promise<Script>]>([
    ['has no image', async () => stream(event(COMPLETED))],
    ['is cut off', async () => stream(event(COMPLETED), { destroy: 'reset' })],
    ['has a damaged image', async () => stream(event({ ...COMPLETED, b64_json: 'no base64!' }))],
    [
      'reports an error afterwards',
      async () => stream(event(COMPLETED), event({ type: 'error', error: { message: 'x' } })),
    ],
    ['reports an error with it', async () => stream(event({ ...COMPLETED, error: { message: 'x' } }))],
    [
      'has more events than are kept',
      async () => stream(event({ type: 'keepalive' }).repeat(300), event(COMPLETED), { destroy: 'reset' }),
    ],
    ['is refused', async () => ({ status: 500, body: JSON.stringify({ error: { message: 'x' }, usage: USAGE }) })],
    [
      'ends in the middle of its JSON',
      async () => ({
        body: `{"usage":${JSON.stringify(USAGE)},"data":[{"b64_json":"${(await pngText()).slice(0, 40)}`,
      }),
    ],
  ])('%s', async (_, script) => {
    const [{ library }, job] = await run(await script());
    expect(job.state).toBe('failed');
    expect(job.generations[0]).toMatchObject({ billing: 'billed', cost: COST, error: { billing: 'billed' } });
    expect(job.error?.billing).toBe('billed');
    expect(spentBetween(library.db, EVER)).toBe(COST);
  });

  it('is stopped', async () => {
    const [, job] = await run(stream(event(COMPLETED), { hang: true }), ({ queue }, id) => queue.cancel(id));
    expect(job.state).toBe('cancelled');
    expect(job.generations[0]).toMatchObject({ billing: 'billed', cost: COST });
  });

  it('is interrupted by quitting', async () => {
    const [, job] = await run(stream(event(COMPLETED), { hang: true }), ({ queue }) => queue.close());
    expect(job.state).toBe('interrupted');
    expect(job.generations[0]).toMatchObject({ billing: 'billed', cost: COST });
  });

  it('can’t be saved', async () => {
    const script = stream(event({ ...COMPLETED, b64_json: await pngText() }));
    const service = await testJobService(script, { prices: PRICES });
    refuse(service.library, 'image');
    const { id } = await service.queue.ask(jobRequest('no room', { stream: true }));
    const job = await service.ended(id);
    expect(job.state).toBe('failed');
    expect(job.generations[0]).toMatchObject({ billing: 'billed', cost: COST });
  });

  it('is killed before its end is recorded', async () => {
    const service = await testJobService(stream(event(COMPLETED), { hang: true }), { prices: PRICES });
    const { id } = await service.queue.ask(jobRequest('killed', { stream: true }));
    await expect.poll(() => billingNow(service, id)).toBe('billed');
    // What a start after a kill finds are the rows as they are now.
    recoverJobs(service.library, PRICING, 99);
    const job = readJob(service.library.db, id);
    expect(job).toMatchObject({ state: 'interrupted', error: { billing: 'billed' } });
    expect(job?.generations[0]).toMatchObject({ billing: 'billed', cost: COST });
  });
});

/** What a kill left of a request. */
interface Facts {
  n: number;
  saved: number;
  documents: unknown[];
  recorded: boolean;
  status: number | null;
}

const IMAGE = { bytes: 10, sha256: 'cd'.repeat(32) };
const anyDocument = fc.constantFrom<unknown>(
  { type: 'image_generation.partial_image', b64_json: IMAGE },
  { ...COMPLETED, b64_json: IMAGE },
  COMPLETED,
  { created: 1, data: [{ b64_json: IMAGE }], usage: USAGE },
  { created: 1, data: [{ b64_json: IMAGE }, { b64_json: IMAGE }] },
  { emulsion: 'Cut.', text: `{"usage":${JSON.stringify(USAGE)},"da` },
  { emulsion: 'Cut.', text: '<html>' },
  { error: { message: 'no' } },
  'text',
);
const anyFacts: fc.Arbitrary<Facts> = fc.record({
  n: fc.integer({ min: 1, max: 2 }),
  saved: fc.integer({ min: 0, max: 2 }),
  documents: fc.array(anyDocument, { maxLength: 3 }),
  recorded: fc.boolean(),
  status: fc.constantFrom(null, 200),
});

async function leave(library: Library, facts: Facts): Promise<{ jobId: JobId; id: GenerationId }> {
  const { db } = library;
  const intent = intentFor('a quay', { n: facts.n });
  const id = recordRequest(library, intent);
  startJob(db, intent.id, 1);
  markSent(db, id, 2);
  if (facts.status !== null) recordResponseHead(db, id, { status: facts.status, requestId: 'req' });
  for (const document of facts.documents) addDocument(db, id, document);
  if (facts.recorded) recordAnswer(db, id, { usage: USAGE });
  for (let position = 0; position < facts.saved; position += 1) {
    const file = await receiveFile(library, await smallPng());
    await saveImage(library, { generationId: id, position, file, revisedPrompt: null, at: 3 });
  }
  return { jobId: intent.id, id };
}

const reportsUsage = ({ documents, recorded }: Facts): boolean =>
  recorded || JSON.stringify(documents).includes('output_tokens');

it('after a kill the bill is never less than what is stored, for every set of facts', async () => {
  const library = await testLibrary();
  await fc.assert(
    fc.asyncProperty(anyFacts, async (facts) => {
      const { jobId, id } = await leave(library, facts);
      recoverJobs(library, PRICING, 99);
      const generation = readGeneration(library.db, id);
      const usage = reportsUsage(facts);
      const arrived =
        facts.saved > 0 || /"b64_json":\{/u.test(JSON.stringify(facts.documents.filter((one) => !isPartial(one))));
      expect(generation?.billing).toBe(usage || arrived ? 'billed' : 'possible');
      expect(generation?.cost).toBe(usage ? COST : null);
      if (facts.saved >= facts.n) expect(generation?.state).toBe('done');
      if (generation?.state === 'done') expect(generation.error).toBeNull();
      else expect(generation?.error?.billing).toBe(generation?.billing);
      expect(readJob(library.db, jobId)?.error?.billing ?? 'billed').toBe(generation?.billing);
    }),
    { numRuns: 60 },
  );
});

function isPartial(document: unknown): boolean {
  return JSON.stringify(document).includes('partial_image');
}

it.each([
  [
    400,
    'request-refused',
    'none',
    'The server refused the request because of “size”: Too large. Change it and retry. Not billed.',
  ],
  [401, 'request-refused', 'none', 'Not billed.'],
  [500, 'server-failed', 'possible', 'The server failed (500).'],
  [408, 'interrupted', 'possible', 'Emulsion quit before the response arrived.'],
  [429, 'interrupted', 'possible', 'Emulsion quit before the response arrived.'],
])('an error that was received with status %i is told as such after a kill', async (status, code, billing, said) => {
  const library = await testLibrary();
  const documents = [{ error: { message: 'Too large.', param: 'size' } }];
  const { jobId, id } = await leave(library, { n: 1, saved: 0, documents, recorded: false, status });
  recoverJobs(library, PRICING, 99);
  const { error } = readJob(library.db, jobId) ?? {};
  expect(error).toMatchObject({ code, billing });
  expect(error?.message).toContain(said);
  expect(readGeneration(library.db, id)).toMatchObject({ billing, cost: null });
});

it('the cost of an interrupted request with all its images is shared among them', async () => {
  const library = await testLibrary();
  const { id } = await leave(library, { n: 2, saved: 2, documents: [COMPLETED], recorded: false, status: 200 });
  recoverJobs(library, PRICING, 99);
  const sql = 'SELECT sum(cost) FROM images WHERE generation_id = ?';
  expect(library.db.prepare(sql).pluck().get(id)).toBe(COST);
});

it('an image that is found later ends the request as done, with its cost', async () => {
  const library = await testLibrary();
  const facts = { n: 1, saved: 0, documents: [COMPLETED], recorded: false, status: 200 };
  const { jobId, id } = await leave(library, facts);
  recoverJobs(library, PRICING, 99);
  expect(readJob(library.db, jobId)?.error?.detail?.kind).toBe('quit-before-saving');
  const file = await receiveFile(library, await smallPng());
  await saveImage(library, { generationId: id, position: 0, file, revisedPrompt: null, at: 3 });
  settleSavedLate(library.db, id, 0);
  expect(readJob(library.db, jobId)).toMatchObject({ state: 'done', error: null });
  expect(readGeneration(library.db, id)).toMatchObject({ billing: 'billed', cost: COST });
});

it('a free profile stays free', async () => {
  const library = await testLibrary();
  const intent = intentFor('free');
  const [first] = intent.generations;
  if (!first) throw new Error('one request');
  first.estimate = { min: 0, max: 0 };
  const id = recordRequest(library, intent);
  markSent(library.db, id, 2);
  addDocument(library.db, id, COMPLETED);
  recoverJobs(library, PRICING, 99);
  expect(readGeneration(library.db, id)).toMatchObject({ cost: 0, costBasis: 'free' });
});

it('damaged documents don’t keep the start from ending the others', async () => {
  const library = await testLibrary();
  const facts = { n: 1, saved: 0, documents: [COMPLETED], recorded: false, status: null };
  const [damaged, sound] = [await leave(library, facts), await leave(library, facts)];
  library.db.exec(`UPDATE answers SET documents = '[1]' WHERE generation_id = '${damaged.id}'`);
  library.db.exec(`UPDATE generations SET parameters = '{"n":"x"}' WHERE id = '${damaged.id}'`);
  recoverJobs(library, PRICING, 99);
  expect(readJob(library.db, damaged.jobId)?.state).toBe('interrupted');
  expect(readGeneration(library.db, sound.id)).toMatchObject({ billing: 'billed', cost: COST });
});

describe('requests that ended without a cost in an earlier version', () => {
  it('are priced from their documents, once, and their errors say so', async () => {
    const library = await testLibrary();
    const { db } = library;
    const { jobId, id } = await leave(library, {
      n: 1,
      saved: 0,
      documents: [COMPLETED],
      recorded: false,
      status: 200,
    });
    const other = await leave(library, { n: 1, saved: 0, documents: [{ error: {} }], recorded: false, status: 200 });
    for (const one of [jobId, other.jobId]) {
      // As an earlier version ended them.
      const error = {
        code: 'interrupted',
        billing: 'possible',
        detail: { kind: 'quit-after-sending', received: 0, n: 1 },
        message: 'Emulsion quit before the response arrived.',
      } as const;
      const [generation] = readJob(db, one)?.generations ?? [];
      if (!generation) throw new Error('one request');
      finishGeneration(db, generation.id, { state: 'interrupted', at: 5, answer: null, billing: 'possible', error });
      finishJob(db, one, { state: 'interrupted', error, at: 5 });
    }
    const options = {
      failed: (thrown: unknown) => expect.unreachable(String(thrown)),
      signal: new AbortController().signal,
    };
    expect(await priceKeptResponses(library, PRICING, options)).toBe(1);
    expect(readGeneration(db, id)).toMatchObject({ billing: 'billed', cost: COST });
    const said = 'The response arrived, but Emulsion quit before the image was saved. Billed.';
    expect(readJob(db, jobId)?.error).toMatchObject({ billing: 'billed', message: said });
    expect(readJob(db, other.jobId)?.error?.billing).toBe('possible');
    expect(await priceKeptResponses(library, PRICING, options)).toBe(0);
  });
});

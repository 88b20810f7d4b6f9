import { describe, expect, it } from 'vitest';
import type { GenerationId, ImageId, JobId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { JobRequest } from '../../../electron/contract/entities/requests.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import {
  finishGeneration,
  markSent,
  recordResponseHead,
  readGeneration,
} from '../../../electron/library/jobs/generations.ts';
import { savePartial, saveImage } from '../../../electron/library/images/save-image.ts';
import { locateInputs } from '../../../electron/library/jobs/locate-inputs.ts';
import {
  dismissJob,
  finishJob,
  LISTED,
  listJobs,
  readJob,
  recordIntent,
  startJob,
} from '../../../electron/library/jobs/jobs.ts';
import { interruptUnfinishedJobs } from '../../../electron/library/jobs/interruption.ts';
import type { Library } from '../../../electron/library/library.ts';
import {
  receiveFile,
  intentFor,
  PROFILE,
  recordRequest,
  reportOf,
  savedImage,
  smallPng,
  testLibrary,
  withBytes,
} from '../test-library.ts';

const FAILURE: ErrorReport = {
  code: 'rate-limited',
  message: 'The server is busy. Nothing was billed. Try again in a minute.',
  billing: 'none',
  server: { status: 429, message: 'slow down', requestId: 'req_1' },
};
const NOBODY = '01890000-0000-7000-8000-000000000000';

async function arriveImage(library: Library, generationId: GenerationId, position: number): Promise<void> {
  const file = await receiveFile(library, await smallPng());
  await saveImage(library, { generationId, position, file, revisedPrompt: null, at: 50 });
}

it('the list of jobs contains all unfinished ones, and the newest thousand that failed', async () => {
  const { db } = await testLibrary();
  const ids = Array.from({ length: 1003 }, (_, at) => {
    const intent = intentFor('', { createdAt: at });
    recordIntent(db, intent);
    return intent.id;
  });
  db.prepare("UPDATE jobs SET state = 'failed', finished_at = 1 WHERE created_at > 0").run();
  const listed = listJobs(db).map(({ id }) => id);
  expect(listed).toEqual([ids[0], ...ids.slice(3)]);
  db.prepare("UPDATE jobs SET state = 'done' WHERE created_at = 0").run();
  expect(listJobs(db)).toHaveLength(1000);
});

it('the list of jobs is read from the open and the stopped ones, without looking at what has ended', async () => {
  const { db } = await testLibrary();
  const plan = db.prepare<[], { detail: string }>(`EXPLAIN QUERY PLAN ${LISTED}`).all();
  const scanned = plan.map(({ detail }) => /^(?:SCAN|SEARCH) j(?:obs)? USING INDEX (\w+)/u.exec(detail)?.[1]);
  expect(scanned.filter((index) => index !== undefined)).toEqual(['jobs_open', 'jobs_open', 'jobs_stopped']);
  expect(plan.some(({ detail }) => /^SCAN j(?:obs)?$/u.test(detail))).toBe(false);
});

describe('a job', () => {
  it('is recorded with all its requests before anything is sent', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('three kites', { requests: 3 });
    recordIntent(db, intent);
    const job = readJob(db, intent.id);
    expect(job).toMatchObject({
      id: intent.id,
      state: 'waiting',
      request: intent.request,
      profileName: 'Demo',
      createdAt: intent.createdAt,
      startedAt: null,
      finishedAt: null,
      error: null,
      dismissed: false,
    });
    expect(job?.generations.map(({ id, state, n, sentAt }) => ({ id, state, n, sentAt }))).toEqual(
      intent.generations.map(({ id }) => ({ id, state: 'intent', n: 1, sentAt: null })),
    );
    expect(listJobs(db)).toEqual([job]);
    expect(readGeneration(db, intent.generations[1]?.id ?? (NOBODY as GenerationId))).toMatchObject({
      jobId: intent.id,
      operation: 'create',
      parameters: intent.generations[1]?.parameters,
      baseUrl: 'http://127.0.0.1:1/v1',
      billing: 'none',
    });
  });

  it('is tracked from sent to done, with every field of the response', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('a fox');
    const id = recordRequest({ db } as Library, intent);
    startJob(db, intent.id, 10);
    markSent(db, id, 11);
    expect(readGeneration(db, id)).toMatchObject({ state: 'sent', sentAt: 11, billing: 'possible' });
    recordResponseHead(db, id, { status: 200, requestId: 'req_42' });
    const answer = {
      created: 7,
      size: '1024x1024',
      quality: 'high',
      usage: { input_tokens: 3, output_tokens: 900, odd: { a: 1 } },
    };
    finishGeneration(db, id, { state: 'done', at: 12, answer, billing: 'billed', error: null });
    finishJob(db, intent.id, { state: 'done', error: null, at: 13 });
    expect(readGeneration(db, id)).toMatchObject({
      state: 'done',
      finishedAt: 12,
      status: 200,
      requestId: 'req_42',
      answer,
      billing: 'billed',
    });
    expect(readJob(db, intent.id)).toMatchObject({ state: 'done', startedAt: 10, finishedAt: 13 });
    expect(listJobs(db)).toEqual([]);
  });

  it('that failed stays in the list until dismissed, oldest first', async () => {
    const { db } = await testLibrary();
    const old = intentFor('old', { createdAt: 100 });
    const young = intentFor('young', { createdAt: 200 });
    const cancelled = intentFor('cancelled', { createdAt: 150 });
    for (const intent of [young, old, cancelled]) recordIntent(db, intent);
    finishJob(db, young.id, { state: 'failed', error: FAILURE, at: 300 });
    finishJob(db, cancelled.id, { state: 'cancelled', error: null, at: 300 });
    expect(listJobs(db).map(({ id }) => id)).toEqual([old.id, young.id]);
    expect(listJobs(db)[1]?.error).toEqual(FAILURE);
    dismissJob(db, young.id);
    dismissJob(db, young.id);
    expect(listJobs(db).map(({ id }) => id)).toEqual([old.id]);
    expect(readJob(db, young.id)?.dismissed).toBe(true);
  });

  it('that was stopped stays in the list until dismissed if it was billed or has images', async () => {
    const library = await testLibrary();
    const { db } = library;
    const stopped = (billing: ErrorReport['billing']): ErrorReport => ({
      code: 'cancelled',
      message: 'Stopped.',
      billing,
    });
    const [nothing, perhaps, partial, image] = ['nothing', 'perhaps', 'partial', 'image'].map((prompt, index) =>
      intentFor(prompt, { createdAt: index }),
    );
    if (!nothing || !perhaps || !partial || !image) throw new Error('four clicks');
    for (const intent of [nothing, perhaps, partial, image]) recordIntent(db, intent);
    const file = await receiveFile(library, await smallPng());
    await savePartial(library, { generationId: partial.generations[0]?.id as GenerationId, index: 0, file, at: 3 });
    await arriveImage(library, image.generations[0]?.id as GenerationId, 0);
    for (const { id } of [nothing, partial]) finishJob(db, id, { state: 'cancelled', error: stopped('none'), at: 9 });
    finishJob(db, perhaps.id, { state: 'cancelled', error: stopped('possible'), at: 9 });
    finishJob(db, image.id, { state: 'cancelled', error: null, at: 9 });
    expect(listJobs(db).map(({ id }) => id)).toEqual([perhaps.id, partial.id, image.id]);
    for (const { id } of [perhaps, partial, image]) dismissJob(db, id);
    expect(listJobs(db)).toEqual([]);
  });

  it('that hasn’t ended can’t be dismissed', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('under way');
    recordIntent(db, intent);
    expect((await reportOf(() => dismissJob(db, intent.id))).code).toBe('bad-payload');
    startJob(db, intent.id, 1);
    expect((await reportOf(() => dismissJob(db, intent.id))).message).toContain('hasn’t ended');
    finishJob(db, intent.id, { state: 'failed', error: FAILURE, at: 2 });
    expect(listJobs(db)).toHaveLength(1);
    expect((await reportOf(() => dismissJob(db, NOBODY as JobId))).code).toBe('not-found');
  });

  it('that is unknown is rejected', async () => {
    const { db } = await testLibrary();
    expect(readJob(db, NOBODY as JobId)).toBeNull();
    expect((await reportOf(() => startJob(db, NOBODY as JobId, 1))).code).toBe('not-found');
    expect((await reportOf(() => markSent(db, NOBODY as GenerationId, 1))).code).toBe('not-found');
  });
});

describe('inputs', () => {
  const editOf = (...images: { id: ImageId; sha256: Sha256 }[]): JobRequest => ({
    operation: 'edit',
    profileId: PROFILE,
    parameters: { model: 'gpt-image-2', prompt: 'add a moon' },
    inputs: images.map(({ id, sha256 }, index) => ({ role: index === 0 ? 'image' : 'mask', image: id, sha256 })),
  });

  it('are recorded by the bytes that are sent', async () => {
    const library = await testLibrary();
    const source = await savedImage(library);
    const mask = await savedImage(library);
    const id = recordRequest(
      library,
      intentFor('add a moon', { request: editOf(withBytes(library, source), withBytes(library, mask)) }),
    );
    const [image, second] = readGeneration(library.db, id)?.inputs ?? [];
    expect(image).toMatchObject({ role: 'image', position: 0, imageId: source.id });
    expect(second).toMatchObject({ role: 'mask', position: 1, imageId: mask.id });
    const files = locateInputs(library, id);
    expect(files.map(({ role, mediaType, bytes }) => ({ role, mediaType, bytes }))).toEqual([
      { role: 'image', mediaType: 'image/png', bytes: source.bytes },
      { role: 'mask', mediaType: 'image/png', bytes: mask.bytes },
    ]);
  });

  it('that aren’t in the library stop the job before it is recorded', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('add a moon', {
      request: editOf({ id: NOBODY as ImageId, sha256: 'ab'.repeat(32) as Sha256 }),
    });
    const refused = await reportOf(() => recordIntent(db, intent));
    expect(refused).toMatchObject({ code: 'input-invalid', billing: 'none' });
    expect(readJob(db, intent.id)).toBeNull();
  });
});

describe('after the application ended mid-job', () => {
  it('a request that wasn’t sent says so', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('waiting');
    const id = recordRequest({ db } as Library, intent);
    expect(interruptUnfinishedJobs(db, 99)).toEqual([intent.id]);
    const job = readJob(db, intent.id);
    expect(job).toMatchObject({
      state: 'interrupted',
      finishedAt: 99,
      error: { code: 'interrupted', billing: 'none' },
    });
    expect(job?.error?.message).toMatch(/^Emulsion quit before this was sent\. Not billed\.$/u);
    expect(readGeneration(db, id)).toMatchObject({ state: 'interrupted', billing: 'none', finishedAt: 99 });
    expect(listJobs(db)).toHaveLength(1);
    expect(interruptUnfinishedJobs(db, 100)).toEqual([]);
  });

  it('a request that was sent has an unknown outcome and keeps what was received', async () => {
    const library = await testLibrary();
    const intent = intentFor('sent');
    const id = recordRequest(library, intent);
    startJob(library.db, intent.id, 1);
    markSent(library.db, id, 2);
    await savePartial(library, {
      generationId: id,
      index: 0,
      file: await receiveFile(library, await smallPng()),
      at: 3,
    });
    interruptUnfinishedJobs(library.db, 99);
    const job = readJob(library.db, intent.id);
    expect(job?.error).toEqual({
      code: 'interrupted',
      billing: 'possible',
      detail: { kind: 'quit-after-sending', received: 0, n: 1 },
      message:
        'Emulsion quit before the response arrived. It may have been billed, so it won’t be sent again automatically.',
    });
    expect(job?.generations[0]).toMatchObject({ state: 'interrupted', sentAt: 2 });
    expect(job?.generations[0]?.partials).toHaveLength(1);
    expect(readGeneration(library.db, id)?.billing).toBe('possible');
  });

  it('a request with some images received says how many, and that it was billed', async () => {
    const library = await testLibrary();
    const intent = intentFor('three, one came', { n: 3 });
    const id = recordRequest(library, intent);
    markSent(library.db, id, 2);
    await arriveImage(library, id, 0);
    interruptUnfinishedJobs(library.db, 99);
    const { error } = readJob(library.db, intent.id) ?? {};
    expect(error).toMatchObject({ billing: 'billed' });
    expect(error?.message).toContain('1 of 3 images had arrived');
  });

  it('a request whose images were all received is done', async () => {
    const library = await testLibrary();
    const intent = intentFor('two, both came', { n: 2 });
    const id = recordRequest(library, intent);
    startJob(library.db, intent.id, 1);
    markSent(library.db, id, 2);
    await arriveImage(library, id, 0);
    await arriveImage(library, id, 1);
    expect(interruptUnfinishedJobs(library.db, 99)).toEqual([intent.id]);
    expect(readJob(library.db, intent.id)).toMatchObject({ state: 'done', error: null });
    expect(readGeneration(library.db, id)).toMatchObject({ state: 'done', billing: 'billed', error: null });
  });

  it('a job shows the error that concerns billing', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('one waited, one was sent', { requests: 3 });
    recordIntent(db, intent);
    const [done, , sent] = intent.generations.map(({ id }) => id);
    if (!done || !sent) throw new Error('three requests');
    startJob(db, intent.id, 1);
    markSent(db, done, 2);
    finishGeneration(db, done, { state: 'done', at: 3, answer: {}, billing: 'billed', error: null });
    markSent(db, sent, 4);
    interruptUnfinishedJobs(db, 99);
    expect(readJob(db, intent.id)).toMatchObject({ state: 'interrupted', error: { billing: 'possible' } });
  });

  it('a job whose requests had all ended gets their outcome', async () => {
    const { db } = await testLibrary();
    const done = intentFor('all done', { createdAt: 1 });
    const failed = intentFor('one failed', { createdAt: 2, requests: 2 });
    for (const intent of [done, failed]) {
      recordIntent(db, intent);
      startJob(db, intent.id, 1);
    }
    const end = { at: 3, answer: null, billing: 'none' } as const;
    for (const { id } of done.generations) finishGeneration(db, id, { ...end, state: 'done', error: null });
    const [first, second] = failed.generations.map(({ id }) => id);
    if (!first || !second) throw new Error('two requests');
    finishGeneration(db, first, { ...end, state: 'done', billing: 'billed', error: null });
    finishGeneration(db, second, { ...end, state: 'failed', error: FAILURE });
    expect(interruptUnfinishedJobs(db, 99)).toEqual([done.id, failed.id]);
    expect(readJob(db, done.id)).toMatchObject({ state: 'done', error: null });
    const message = '1 received and billed, 1 not sent. The server is busy.';
    expect(readJob(db, failed.id)).toMatchObject({
      state: 'failed',
      error: { ...FAILURE, billing: 'billed', message },
    });
  });

  it('a job with some of its images says what is known of each request, also where an earlier release stored one request’s end', async () => {
    const { db } = await testLibrary();
    const intent = intentFor('six', { requests: 6 });
    recordIntent(db, intent);
    startJob(db, intent.id, 1);
    const [a, b, c, d, sent] = intent.generations.map(({ id }) => id);
    if (!a || !b || !c || !d || !sent) throw new Error('six requests');
    for (const id of [a, b, c, d, sent]) markSent(db, id, 2);
    const end = { at: 3, answer: null, billing: 'billed', state: 'done', error: null } as const;
    for (const id of [a, b, c, d]) finishGeneration(db, id, end);
    interruptUnfinishedJobs(db, 99);
    const said = /^4 received and billed, 1 sent with unknown outcome, 1 not sent\. Emulsion quit/u;
    expect(readJob(db, intent.id)?.error).toMatchObject({ billing: 'possible', message: expect.stringMatching(said) });
    const old = { code: 'interrupted', message: 'Emulsion quit before this was sent. Not billed.', billing: 'none' };
    db.prepare('UPDATE jobs SET error = ? WHERE id = ?').run(JSON.stringify(old), intent.id);
    expect(readJob(db, intent.id)?.error).toMatchObject({ billing: 'possible', message: expect.stringMatching(said) });
  });
});

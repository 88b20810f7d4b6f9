import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { GenerationId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import { saveSteps } from '../../electron/library/files/originals.ts';
import { receivedName, type ReceivedOwner } from '../../electron/library/files/received-name.ts';
import { markSent } from '../../electron/library/jobs/generations.ts';
import { interruptUnfinishedJobs } from '../../electron/library/jobs/interruption.ts';
import { readJob, startJob } from '../../electron/library/jobs/jobs.ts';
import { incomingFolder } from '../../electron/library/library.ts';
import type { Script } from '../fakes/recording-server.ts';
import { canMount, smallVolume } from '../fakes/small-volume.ts';
import {
  emptyFolder,
  intentFor,
  PROFILE,
  recordRequest,
  savedImage,
  smallPng,
  testLibrary,
  withBytes,
} from '../library/test-library.ts';
import { testClock, type TestClock } from './test-clock.ts';
import { images, jobRequest, refuse, testJobService, type TestJobService } from './test-job-service.ts';

/** A response with one image, halted in the middle of it. */
function halting(image: Buffer): { script: Script; reached: Promise<null>; release(): void } {
  const text = image.toString('base64');
  const half = Math.floor(text.length / 2);
  const reached = Promise.withResolvers<null>();
  const released = Promise.withResolvers<null>();
  const wait = (): Promise<void> => {
    reached.resolve(null);
    return released.promise.then(() => undefined);
  };
  const body = [
    '{"created":1,"data":[{"b64_json":"',
    text.slice(0, half),
    { wait },
    text.slice(half),
    '"}],"usage":{"output_tokens":7}}',
  ];
  return { script: { body }, reached: reached.promise, release: () => released.resolve(null) };
}

/** An image that doesn't compress: about 3 bytes a pixel. */
function noise(edge: number): Promise<Buffer> {
  return sharp(randomBytes(edge * edge * 3), { raw: { width: edge, height: edge, channels: 3 } })
    .png()
    .toBuffer();
}

async function broughtHome(run: TestJobService, id: Job['id'], clock: TestClock, image: Buffer): Promise<void> {
  const read = (): string | undefined => {
    clock.pass(31_000);
    return run.queue.read(id)?.state;
  };
  await expect.poll(read).toBe('done');
  const job = run.queue.read(id);
  expect(job).toMatchObject({ error: null, generations: [{ billing: 'billed', images: [{ bytes: image.length }] }] });
  expect(job?.unsaved).toBeUndefined();
  expect(run.server.begun).toEqual(['POST']);
  expect(run.events.at(-1)).toBeDefined();
  const [{ sha256 } = { sha256: '' }] = run.library.db
    .prepare<[], { sha256: string }>('SELECT sha256 FROM images WHERE position = 0')
    .all();
  const file = join(run.library.folder, 'originals', sha256.slice(0, 2), `${sha256.slice(2)}.png`);
  expect(readFileSync(file).equals(image)).toBe(true);
  expect(readdirSync(incomingFolder(run.library)).filter((name) => !name.startsWith('derived-'))).toEqual([]);
}

describe('a library that fails while an answer arrives', () => {
  test.each(['incoming', 'library'] as const)(
    '%s renamed: the image is rescued and brought home, 1 POST',
    async (what) => {
      const image = await noise(400);
      const { script, reached, release } = halting(image);
      const clock = testClock();
      const rescue = join(await emptyFolder(), 'rescue');
      const run = await testJobService(script, { clock, rescueFolders: [rescue] });
      const moved = what === 'incoming' ? incomingFolder(run.library) : run.library.folder;
      const { id } = await run.queue.ask(jobRequest('one'));
      await reached;
      renameSync(moved, `${moved}-away`);
      release();
      const job = await run.ended(id);
      expect(job).toMatchObject({
        state: 'failed',
        error: { billing: 'billed', detail: { kind: 'image-unsaved', images: 1, kept: true } },
      });
      expect(job.error?.message).not.toContain(rescue);
      const [{ path } = { path: '' }] = job.unsaved ?? [];
      expect(dirname(path)).toBe(rescue);
      expect(readFileSync(path).equals(image)).toBe(true);
      expect(run.queue.state().storage).not.toBeNull();

      // Nothing is in its way: where it was, no folder is created.
      renameSync(`${moved}-away`, moved);
      await broughtHome(run, id, clock, image);
      expect(readdirSync(rescue)).toEqual([]);
    },
  );

  test('several images of one request are told once', async () => {
    const [one, two] = [(await noise(20)).toString('base64'), (await noise(21)).toString('base64')];
    const reached = Promise.withResolvers<null>();
    const released = Promise.withResolvers<null>();
    const wait = (): Promise<void> => {
      reached.resolve(null);
      return released.promise.then(() => undefined);
    };
    const body = [`{"data":[{"b64_json":"`, { wait }, `${one}"},{"b64_json":"${two}"}],"usage":{"output_tokens":7}}`];
    const rescue = join(await emptyFolder(), 'rescue');
    const run = await testJobService({ body }, { clock: testClock(), rescueFolders: [rescue] });
    const { id } = await run.queue.ask(jobRequest('two', { n: 2 }));
    await reached.promise;
    renameSync(incomingFolder(run.library), join(run.library.folder, 'away'));
    released.resolve(null);
    const job = await run.ended(id);
    expect(job.unsaved).toHaveLength(2);
    expect(job.error).toMatchObject({ billing: 'billed', detail: { kind: 'image-unsaved', images: 2, kept: true } });
    expect(job.error).not.toHaveProperty('notes');
  });

  test('the next start brings it home, too', async () => {
    const image = await noise(100);
    const { script, reached, release } = halting(image);
    const rescue = join(await emptyFolder(), 'rescue');
    const run = await testJobService(script, { clock: testClock(), rescueFolders: [rescue] });
    const incoming = incomingFolder(run.library);
    const { id } = await run.queue.ask(jobRequest('one'));
    await reached;
    renameSync(incoming, `${incoming}-away`);
    release();
    await run.ended(id);
    await run.queue.close();
    run.library.close();
    const again = await testLibrary(run.library.folder, [rescue]);
    expect(again.recovery.completed).toHaveLength(1);
    expect(readJob(again.db, id)).toMatchObject({
      state: 'done',
      error: null,
      generations: [{ images: [{ bytes: image.length }] }],
    });
    expect(readdirSync(rescue)).toEqual([]);
  });
});

describe('an image that could not be saved', () => {
  test('is saved when the disk takes it, without a POST', async () => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    const repair = refuse(run.library, 'image');
    const { id } = await run.queue.ask(jobRequest('one'));
    expect(await run.ended(id)).toMatchObject({ state: 'failed', unsaved: [{}] });
    repair();
    await expect(run.queue.saveAgain(id)).resolves.toMatchObject({
      state: 'done',
      error: null,
      generations: [{ cost: null, images: [{}] }],
    });
    expect(run.server.begun).toEqual(['POST']);
  });

  test('and was saved late is settled once, not again with each later job', async () => {
    const run = await testJobService(await images(), { clock: testClock() });
    const repair = refuse(run.library, 'image');
    const { id } = await run.queue.ask(jobRequest('one'));
    await run.ended(id);
    repair();
    await run.queue.saveAgain(id);
    await run.queue.checkStorage();
    const before = run.events.length;
    await run.ended((await run.queue.ask(jobRequest('another'))).id);
    const later = run.events.slice(before).flatMap((event) => (event.type === 'job' ? [event.job.id] : []));
    expect(later.length).toBeGreaterThan(0);
    expect(later).not.toContain(id);
  });

  test('of an end that could not be recorded: recorded as soon as the disk takes it', async () => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    const repair = refuse(run.library, 'finishGeneration');
    const { id } = await run.queue.ask(jobRequest('refused'));
    expect(await run.ended(id)).toMatchObject({ state: 'failed' });
    repair();
    const recorded = (): string | undefined => {
      clock.pass(31_000);
      return readJob(run.library.db, id)?.state;
    };
    await expect.poll(recorded).toBe('done');
    expect(run.events.findLast((event) => event.type === 'job')).toMatchObject({
      job: { id, state: 'done', error: null },
    });
  });
});

test('an end that could not be recorded is recorded while other requests of its job still run', async () => {
  const clock = testClock();
  const { script, reached, release } = halting(await smallPng());
  const first = await images();
  const run = await testJobService((_prompt, index) => (index === 0 ? first : script), { clock, concurrency: 1 });
  const repair = refuse(run.library, 'finishGeneration');
  const { id } = await run.queue.ask(jobRequest('refused', { n: 2, stream: true }));
  const stored = (): string[] => readJob(run.library.db, id)?.generations.map(({ state }) => state) ?? [];
  await expect.poll(() => run.queue.read(id)?.generations[0]?.state).toBe('failed');
  repair();
  const recorded = (): string[] => {
    clock.pass(31_000);
    return stored();
  };
  await reached;
  await expect.poll(recorded).toEqual(['done', 'sent']);
  release();
  expect(await run.ended(id)).toMatchObject({ state: 'done', error: null });
  expect(run.server.begun).toEqual(['POST', 'POST']);
});

test('a library that is gone when the image is complete: kept with it, and saved when it is back', async () => {
  const clock = testClock();
  const run = await testJobService(await images(), { clock });
  const { folder } = run.library;
  const moveAway = (message: unknown): void => {
    // The file is recorded, but not moved yet.
    if ((message as { step: string }).step === 'pending-save-recorded') renameSync(folder, `${folder}-away`);
  };
  saveSteps.subscribe(moveAway);
  onTestFinished(() => {
    saveSteps.unsubscribe(moveAway);
  });
  const { id } = await run.queue.ask(jobRequest('one'));
  const job = await run.ended(id);
  saveSteps.unsubscribe(moveAway);
  expect(job).toMatchObject({ state: 'failed', error: { detail: { kind: 'image-unsaved', kept: true } } });
  renameSync(`${folder}-away`, folder);
  const state = (): string | undefined => {
    clock.pass(31_000);
    return run.queue.read(id)?.state;
  };
  await expect.poll(state).toBe('done');
  expect(run.queue.read(id)?.generations[0]?.images).toMatchObject([{ format: 'png' }]);
  expect(run.server.begun).toEqual(['POST']);
});

test('the beginning of an image in a rescue folder is quarantined at the next start; files of other libraries stay', async () => {
  const rescue = await emptyFolder();
  const library = await testLibrary(undefined, [rescue]);
  const generationId = recordRequest(library, intentFor('one'));
  const image = await noise(100);
  const strange = '01890000-0000-7000-8000-000000000000' as GenerationId;
  const names = [generationId, strange].map(
    (id) => `${receivedName({ generationId: id, kind: 'image', position: 0 })}.part`,
  );
  for (const name of names) writeFileSync(join(rescue, name), image.subarray(0, 20_000));
  library.close();
  const again = await testLibrary(library.folder, [rescue]);
  expect(again.recovery.quarantined).toHaveLength(1);
  expect(again.recovery.quarantined[0]).toContain(generationId);
  expect(readdirSync(rescue)).toEqual([names[1]]);
});

describe('after a kill', () => {
  async function killed(files: (id: GenerationId) => [name: string, bytes: Buffer][]) {
    const intent = intentFor('killed');
    const library = await testLibrary();
    const id = recordRequest(library, intent);
    startJob(library.db, intent.id, 1);
    markSent(library.db, id, 1);
    for (const [name, bytes] of files(id)) writeFileSync(join(incomingFolder(library), name), bytes);
    library.close();
    const again = await testLibrary(library.folder);
    interruptUnfinishedJobs(again.db, 2);
    return { again, job: readJob(again.db, intent.id) };
  }
  const nameOf = (generationId: GenerationId, kind: ReceivedOwner['kind'], position = 0): string =>
    receivedName({ generationId, kind, position });

  test.each([
    ['complete', ''],
    ['with its last byte written, not yet closed', '.part'],
  ])('a whole image belongs to its request: %s', async (_name, part) => {
    const image = await smallPng();
    const { again, job } = await killed((id) => [[nameOf(id, 'image', 1) + part, image]]);
    expect(again.recovery).toMatchObject({
      completed: [job?.generations[0]?.images[0]?.id],
      quarantined: [],
      failures: [],
    });
    expect(job).toMatchObject({ state: 'done', error: null, generations: [{ images: [{ bytes: image.length }] }] });
  });

  test('the beginning of one, a partial image and an undecided one are quarantined under the request’s name', async () => {
    const image = await noise(100);
    const { again, job } = await killed((id) => [
      [`${nameOf(id, 'image')}.part`, image.subarray(0, 20_000)],
      [nameOf(id, 'partial'), image],
      [nameOf(id, 'undecided'), image],
      [nameOf('01890000-0000-7000-8000-000000000000' as GenerationId, 'image'), image],
    ]);
    expect(again.recovery.quarantined).toHaveLength(4);
    const owned = again.recovery.quarantined.filter((name) => name.includes(job?.generations[0]?.id ?? 'none'));
    expect(owned).toHaveLength(3);
    expect(job).toMatchObject({ state: 'interrupted', error: { billing: 'possible' } });
  });

  test('what may be an input that the server repeats is no image of the request', async () => {
    const [echo, sent] = [await smallPng(), await smallPng(9, 7)];
    const library = await testLibrary();
    const source = await savedImage(library, { bytes: sent });
    const request: JobRequest = {
      operation: 'edit',
      profileId: PROFILE,
      parameters: { model: 'gpt-image-2', prompt: 'killed' },
      inputs: [{ role: 'image', image: source.id, sha256: withBytes(library, source).sha256 }],
    };
    const intent = intentFor('killed', { request });
    const id = recordRequest(library, intent);
    startJob(library.db, intent.id, 1);
    markSent(library.db, id, 1);
    writeFileSync(join(incomingFolder(library), nameOf(id, 'undecided')), echo);
    writeFileSync(join(incomingFolder(library), nameOf(id, 'image')), sent);
    library.close();
    const again = await testLibrary(library.folder);
    interruptUnfinishedJobs(again.db, 2);
    expect(again.recovery).toMatchObject({ completed: [], failures: [] });
    expect(again.recovery.quarantined).toHaveLength(2);
    expect(readJob(again.db, intent.id)).toMatchObject({ state: 'interrupted', error: { billing: 'possible' } });
  });

  test('one that was saved already is not saved twice', async () => {
    const image = await smallPng();
    const { again, job } = await killed((id) => [
      [nameOf(id, 'image', 0), image],
      [nameOf(id, 'image', 0), image],
    ]);
    expect(again.recovery.completed).toHaveLength(1);
    expect(job?.generations[0]?.images).toHaveLength(1);
    expect(readdirSync(incomingFolder(again))).toEqual([]);
  });
});

describe.runIf(canMount)('on a volume of its own', () => {
  test('full in the middle of the image: rescued, brought home, 1 POST', async () => {
    const image = await noise(1024);
    const { script, reached, release } = halting(image);
    const volume = smallVolume(24);
    const rescue = join(await emptyFolder(), 'rescue');
    const clock = testClock();
    const run = await testJobService(script, {
      clock,
      folder: join(volume.folder, 'library'),
      rescueFolders: [rescue],
    });
    const { id } = await run.queue.ask(jobRequest('one'));
    await reached;
    volume.fill();
    release();
    const job = await run.ended(id);
    expect(job).toMatchObject({ state: 'failed', error: { code: 'disk-full', billing: 'billed' } });
    expect(job.unsaved).toHaveLength(1);
    expect(dirname(job.unsaved?.[0]?.path ?? '')).toBe(rescue);
    volume.empty();
    await broughtHome(run, id, clock, image);
  });
});

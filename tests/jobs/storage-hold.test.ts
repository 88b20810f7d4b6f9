import { mkdirSync, readdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { StorageFault } from '../../electron/contract/errors/details.ts';
import { StorageHold } from '../../electron/jobs/storage-hold.ts';
import { incomingFolder } from '../../electron/library/library.ts';
import type { ProofOptions } from '../../electron/library/storage-check.ts';
import { canMount, makeReadOnly, smallVolume } from '../fakes/small-volume.ts';
import { testClock } from './test-clock.ts';
import { images, jobRequest, refuse, testJobService, type TestJobService } from './test-job-service.ts';

const ALL = 60_000;

/** All that is asked of a run: POSTs, its hold, and whether its jobs are queued. */
const posts = (run: TestJobService): number => run.server.begun.length;

async function held(run: TestJobService, fault: StorageFault): Promise<void> {
  await expect.poll(() => run.queue.state().storage?.cause.fault).toBe(fault);
  await expect.poll(() => run.queue.state().order.length).toBe(run.queue.unfinished().length);
}

/** Nothing was sent, and every job is queued and not failed. */
function expectQueued(run: TestJobService, jobs: number): void {
  expect(posts(run)).toBe(0);
  expect(run.queue.unfinished()).toHaveLength(jobs);
  for (const job of run.queue.unfinished()) {
    expect(job).toMatchObject({ state: 'waiting', error: null, startedAt: null });
    for (const generation of job.generations) expect(generation).toMatchObject({ state: 'intent', error: null });
  }
  expect(run.unhandled).toEqual([]);
}

async function allSaved(run: TestJobService, count: number, clock = testClock()): Promise<void> {
  const left = (): number => {
    clock.pass(ALL);
    return run.queue.unfinished().length;
  };
  await expect.poll(left).toBe(0);
  const saved = run.library.db.prepare<[], { count: number }>('SELECT count(*) AS count FROM images').get();
  expect(saved?.count).toBe(count);
  expect(run.queue.state().storage).toBeNull();
}

/** Pretends that the library's disk has this many bytes free, until the test ends or all mocks are restored. */
async function leaveFree({ library }: TestJobService, bytes: number): Promise<void> {
  const disk = await fs.statfs(library.folder);
  Object.assign(disk, { bsize: 1, bavail: bytes });
  vi.spyOn(fs, 'statfs').mockResolvedValue(disk);
  onTestFinished(() => void vi.restoreAllMocks());
}

const FAULTS: Record<string, { fault: StorageFault; break(folder: string): () => void }> = {
  'incoming renamed': {
    fault: 'incoming-missing',
    break(folder) {
      renameSync(join(folder, 'incoming'), join(folder, 'away'));
      return () => renameSync(join(folder, 'away'), join(folder, 'incoming'));
    },
  },
  'incoming deleted, and created again by the person': {
    fault: 'incoming-missing',
    break(folder) {
      rmSync(join(folder, 'incoming'), { recursive: true });
      return () => mkdirSync(join(folder, 'incoming'));
    },
  },
  'incoming replaced by a file': {
    fault: 'incoming-replaced',
    break(folder) {
      renameSync(join(folder, 'incoming'), join(folder, 'away'));
      writeFileSync(join(folder, 'incoming'), '');
      return () => {
        unlinkSync(join(folder, 'incoming'));
        renameSync(join(folder, 'away'), join(folder, 'incoming'));
      };
    },
  },
  'another folder as incoming': {
    fault: 'incoming-replaced',
    break(folder) {
      renameSync(join(folder, 'incoming'), join(folder, 'away'));
      mkdirSync(join(folder, 'incoming'));
      return () => {
        rmSync(join(folder, 'incoming'), { recursive: true });
        renameSync(join(folder, 'away'), join(folder, 'incoming'));
      };
    },
  },
  'originals replaced by a file': {
    fault: 'unwritable',
    break(folder) {
      renameSync(join(folder, 'originals'), join(folder, 'away'));
      writeFileSync(join(folder, 'originals'), '');
      return () => {
        unlinkSync(join(folder, 'originals'));
        renameSync(join(folder, 'away'), join(folder, 'originals'));
      };
    },
  },
  'the library folder renamed': {
    fault: 'folder-missing',
    break(folder) {
      renameSync(folder, `${folder}-away`);
      return () => renameSync(`${folder}-away`, folder);
    },
  },
  'another library folder in its place': {
    fault: 'folder-replaced',
    break(folder) {
      renameSync(folder, `${folder}-away`);
      mkdirSync(join(folder, 'incoming'), { recursive: true });
      return () => {
        rmSync(folder, { recursive: true });
        renameSync(`${folder}-away`, folder);
      };
    },
  },
  'library.db renamed': {
    fault: 'database-missing',
    break(folder) {
      renameSync(join(folder, 'library.db'), join(folder, 'away.db'));
      return () => renameSync(join(folder, 'away.db'), join(folder, 'library.db'));
    },
  },
};

describe('nothing is sent while the library can’t keep an answer', () => {
  test.each(Object.entries(FAULTS))('%s: every click is queued, then sent once', async (_name, { fault, ...disk }) => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    const repair = disk.break(run.library.folder);
    for (let click = 0; click < 3; click += 1) await run.queue.ask(jobRequest(`click ${click}`));
    await held(run, fault);
    expectQueued(run, 3);
    expect(run.queue.state().storage?.message).toMatch(/^Nothing is sent for now: .+\.$/u);
    clock.pass(ALL);
    await held(run, fault);
    expectQueued(run, 3);

    repair();
    await allSaved(run, 3, clock);
    expect(posts(run)).toBe(3);
  });

  test('a full disk: a line of 12 is queued with one hold, and sent when there is room', async () => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    await leaveFree(run, 10);
    for (let place = 0; place < 12; place += 1) await run.queue.ask(jobRequest(`place ${place}`));
    await held(run, 'full');
    expectQueued(run, 12);
    const order = run.queue.state().order;
    expect(order).toEqual(run.queue.unfinished().map(({ id }) => id));
    expect(run.queue.state().storage?.message).toMatch(/full \(0 MB free, \d+ MB needed\)/u);

    vi.restoreAllMocks();
    expect((await run.queue.checkStorage()).storage).toBeNull();
    await allSaved(run, 12);
    expect(posts(run)).toBe(12);
  });

  test('requests that run at once don’t count the same room twice', async () => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    // One image of 1024 × 1024 pixels at worst, its record and the reserve; not two.
    await leaveFree(run, 14_000_000);
    for (let place = 0; place < 3; place += 1) await run.queue.ask(jobRequest(`place ${place}`));
    await allSaved(run, 3);
    expect(posts(run)).toBe(3);
    expect(run.requestLines.map(({ line }) => line)).toEqual(['sent', 'ended', 'sent', 'ended', 'sent', 'ended']);
  });

  test.each(['markSent', 'startJob'] as const)('a %s that can’t be written sends nothing', async (write) => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    const repair = refuse(run.library, write);
    await run.queue.ask(jobRequest('refused'));
    await run.queue.ask(jobRequest('refused as well'));
    await held(run, 'unwritable');
    expectQueued(run, 2);
    repair();
    await allSaved(run, 2, clock);
    expect(posts(run)).toBe(2);
  });

  test('a database file that was deleted takes a commit that no one can read: nothing is sent', async () => {
    const run = await testJobService(await images(), { clock: testClock() });
    for (const name of readdirSync(run.library.folder).filter((file) => file.startsWith('library.db')))
      unlinkSync(join(run.library.folder, name));
    await run.queue.ask(jobRequest('nowhere'));
    await held(run, 'database-missing');
    expectQueued(run, 1);
  });

  test('the database’s log deleted alone: nothing is sent', async () => {
    const run = await testJobService(await images(), { clock: testClock() });
    unlinkSync(join(run.library.folder, 'library.db-wal'));
    await run.queue.ask(jobRequest('nowhere'));
    await expect.poll(() => run.queue.state().storage).not.toBeNull();
    expectQueued(run, 1);
  });

  test('Check again creates a missing incoming folder', async () => {
    const run = await testJobService(await images(), { clock: testClock() });
    rmSync(incomingFolder(run.library), { recursive: true });
    await run.queue.ask(jobRequest('one'));
    await held(run, 'incoming-missing');
    expect((await run.queue.checkStorage()).storage).toBeNull();
    await allSaved(run, 1);
    expect(readdirSync(incomingFolder(run.library))).toEqual([]);
  });

  test('a stopped job is not sent; one that can’t be recorded is refused', async () => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    const repair = FAULTS['incoming renamed']?.break(run.library.folder);
    const { id } = await run.queue.ask(jobRequest('stopped', { n: 2, stream: true }));
    await held(run, 'incoming-missing');
    run.queue.cancel(id);
    expect((await run.ended(id)).generations.map(({ state, billing }) => [state, billing])).toEqual([
      ['cancelled', 'none'],
      ['cancelled', 'none'],
    ]);
    run.library.db.pragma('query_only = ON');
    await expect(run.queue.ask(jobRequest('refused'))).rejects.toThrow(/Not sent\. Nothing was billed\.$/u);
    run.library.db.pragma('query_only = OFF');
    repair?.();
    await run.queue.checkStorage();
    expect(run.queue.state().storage).toBeNull();
    expect(posts(run)).toBe(0);
  });
});

test('checks again after 2, 4, 8, 16 and every 30 seconds, and ends once', async () => {
  const clock = testClock();
  const cause = { kind: 'storage', fault: 'unwritable', free: null, needed: null } as const;
  const proofs: ProofOptions[] = [];
  let changes = 0;
  let broken = true;
  const hold = new StorageHold({
    clock,
    prove(options) {
      proofs.push(options);
      return broken ? Promise.reject(new Error('still')) : Promise.resolve();
    },
    causeOf: () => cause,
    changed: () => (changes += 1),
  });
  hold.hold(cause, 7);
  hold.hold(cause, 5);
  // A failed write of a row, which says nothing about images.
  hold.hold(cause, 0);
  for (const wait of [2000, 4000, 8000, 16_000, 30_000, 30_000]) {
    const before = proofs.length;
    clock.pass(wait - 1);
    expect(proofs).toHaveLength(before);
    clock.pass(1);
    await setImmediate();
    expect(proofs).toHaveLength(before + 1);
  }
  expect(proofs[0]).toEqual({ bytes: 5, repair: false });
  broken = false;
  await hold.check(true);
  expect(hold.state).toBeNull();
  expect(proofs.at(-1)).toEqual({ bytes: 5, repair: true });
  const told = changes;
  clock.pass(ALL);
  expect(changes).toBe(told);
});

test('a failure during a check outlasts it: what the check looked at was before', async () => {
  const clock = testClock();
  const cause = { kind: 'storage', fault: 'unwritable', free: null, needed: null } as const;
  const proofs: PromiseWithResolvers<void>[] = [];
  const hold = new StorageHold({
    clock,
    prove() {
      const proof = Promise.withResolvers<undefined>();
      proofs.push(proof as PromiseWithResolvers<void>);
      return proof.promise;
    },
    causeOf: () => cause,
    changed: () => undefined,
  });
  hold.hold(cause, 7);
  const first = hold.check();
  await expect.poll(() => proofs.length).toBe(1);
  hold.hold(cause, 9);
  proofs[0]?.resolve();
  await first;
  expect(hold.state).not.toBeNull();
  clock.pass(ALL);
  await expect.poll(() => proofs.length).toBe(2);
  proofs[1]?.resolve();
  await expect.poll(() => hold.state).toBeNull();
});

describe.runIf(canMount)('on a volume of its own', () => {
  test('3 clicks of n=2 on a full volume: no POST; with room, each once', async () => {
    const volume = smallVolume(48);
    const clock = testClock();
    const run = await testJobService(await images(2), { clock, folder: join(volume.folder, 'library') });
    volume.fill(500_000);
    for (let click = 0; click < 3; click += 1) await run.queue.ask(jobRequest(`click ${click}`, { n: 2 }));
    await held(run, 'full');
    expectQueued(run, 3);
    volume.empty();
    await allSaved(run, 6, clock);
    expect(posts(run)).toBe(3);
  });

  test('an incoming folder that is read-only', async () => {
    const clock = testClock();
    const run = await testJobService(await images(), { clock });
    const restore = makeReadOnly(incomingFolder(run.library));
    for (let click = 0; click < 3; click += 1) await run.queue.ask(jobRequest(`click ${click}`));
    await held(run, 'unwritable');
    expectQueued(run, 3);
    restore();
    await allSaved(run, 3, clock);
    expect(posts(run)).toBe(3);
  });
});

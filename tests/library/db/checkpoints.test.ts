import { channel } from 'node:diagnostics_channel';
import { statSync } from 'node:fs';
import type { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Checkpoints } from '../../../electron/library/db/checkpoints.ts';
import type { Library } from '../../../electron/library/library.ts';
import { failThread } from '../failed-thread.ts';
import { testLibrary } from '../test-library.ts';

interface Checkpointed {
  library: Library;
  checkpoints: Checkpoints;
  failures: unknown[];
}

async function checkpointed(mostInLog?: number): Promise<Checkpointed> {
  const library = await testLibrary();
  library.db.exec('CREATE TABLE written (text TEXT)');
  const failures: unknown[] = [];
  const checkpoints = new Checkpoints(library.db, (thrown) => failures.push(thrown), mostInLog);
  onTestFinished(() => checkpoints.close());
  return { library, checkpoints, failures };
}

/** So much that a commit would make a checkpoint. */
function write({ db }: Library): void {
  for (let round = 0; round < 30; round += 1)
    db.prepare('INSERT INTO written SELECT hex(randomblob(100000)) FROM (SELECT 1)').run();
}

const automatic = ({ db }: Library): unknown => db.pragma('wal_autocheckpoint', { simple: true });
/** Bytes of the database file: it grows by checkpoints only. */
const bytes = ({ db }: Library): number => statSync(db.name).size;

it('leaves checkpoints to a thread until everything is written, and then to commits again', async () => {
  const { checkpoints, failures, library } = await checkpointed();
  checkpoints.hold();
  expect(automatic(library)).toBe(0);
  const before = bytes(library);
  write(library);
  await checkpoints.keepUp();
  expect(bytes(library)).toBeGreaterThanOrEqual(before);
  await checkpoints.release();
  expect(bytes(library)).toBeGreaterThan(5_000_000);
  expect(automatic(library)).toBe(1000);
  expect(failures).toEqual([]);
  await checkpoints.close();
  // Nothing is left of the thread: the log goes with the last connection.
  library.close();
  expect(statSync(`${library.db.name}-wal`, { throwIfNoEntry: false })).toBeUndefined();
});

it('keeps the log from growing while writing doesn’t pause', async () => {
  const { checkpoints, failures, library } = await checkpointed(2000);
  checkpoints.hold();
  // How large it becomes before that depends on the disk.
  const sizes: number[] = [];
  while (new Set(sizes.slice(-5)).size !== 1 || sizes.length < 5) {
    expect(sizes.length).toBeLessThan(100);
    write(library);
    await checkpoints.keepUp();
    sizes.push(statSync(`${library.db.name}-wal`).size);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await checkpoints.release();
  expect(failures).toEqual([]);
});

it('starts no thread for little', async () => {
  const { checkpoints, failures, library } = await checkpointed();
  const started = vi.fn();
  const made = channel('worker_threads');
  made.subscribe(started);
  onTestFinished(() => {
    made.unsubscribe(started);
  });
  checkpoints.hold();
  library.db.exec("INSERT INTO written VALUES ('little')");
  await checkpoints.keepUp();
  await checkpoints.release();
  expect(automatic(library)).toBe(1000);
  expect(failures).toEqual([]);
  expect(started).not.toHaveBeenCalled();
});

it('lets commits make checkpoints again when the thread ends by itself', async () => {
  const { checkpoints, failures, library } = await checkpointed();
  const threads: Worker[] = [];
  // It fails before it has made the first one.
  const note = (message: unknown): void => {
    const { worker } = message as { worker: Worker };
    threads.push(worker);
    void failThread(worker);
  };
  const made = channel('worker_threads');
  made.subscribe(note);
  onTestFinished(() => {
    made.unsubscribe(note);
  });
  checkpoints.hold();
  write(library);
  const released = checkpoints.release();
  await released;
  expect(threads).toHaveLength(1);
  expect(automatic(library)).toBe(1000);
  const before = bytes(library);
  write(library);
  expect(bytes(library)).toBeGreaterThan(before);
  expect(failures).toHaveLength(1);
});

import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { StudioError } from '../../../electron/contract/errors/errors.ts';
import { DecodingPool } from '../../../electron/library/decoding/decoding-pool.ts';
import { forkDecoder } from '../../../electron/library/decoding/fork-decoder.ts';
import { DecoderError } from '../../../electron/library/decoding/operation.ts';
import { CRASH, DEVOUR, ECHO, HANG, REFUSE, SLEEP } from './hostile-operations.ts';

function hostilePool(entry = 'hostile-decoder.ts'): { pool: DecodingPool; starts: () => number } {
  let starts = 0;
  const pool = new DecodingPool(() => {
    starts += 1;
    return forkDecoder(join(import.meta.dirname, entry));
  });
  onTestFinished(() => pool.close());
  return { pool, starts: () => starts };
}

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  return thrown instanceof DecoderError ? thrown.failure : thrown;
}

it('kills what hangs or crashes; what waited behind it is done in another process', async () => {
  const { pool, starts } = hostilePool();
  const bad = [pool.run(HANG, null), pool.run(CRASH, null)].map(failureOf);
  const good = ['a', 'b', 'c', 'd'].map((words) => pool.run(ECHO, words));
  expect(await Promise.all(bad)).toEqual(['timeout', 'crash']);
  expect((await Promise.all(good)).map(({ words }) => words)).toEqual(['a', 'b', 'c', 'd']);
  expect(starts()).toBeLessThanOrEqual(4);
  const { pid } = await pool.run(ECHO, 'again');
  expect((await pool.run(ECHO, 'and again')).pid).toBe(pid);
});

it('ends a process that uses too much memory', async () => {
  const { pool } = hostilePool();
  expect(await failureOf(pool.run(DEVOUR, null))).toBe('memory');
});

it('passes errors on as what they are', async () => {
  const { pool } = hostilePool();
  const refused = await failureOf(pool.run(REFUSE, { as: 'studio' }));
  expect(refused).toBeInstanceOf(StudioError);
  expect(refused).toMatchObject({ code: 'disk-full', message: 'Full.', cause: { message: 'deep', code: 'ENOSPC' } });
  expect(await failureOf(pool.run(REFUSE, { as: 'system' }))).toMatchObject({ message: 'ordinary', code: 'EACCES' });
});

it('drops what is aborted, running or waiting', async () => {
  const { pool, starts } = hostilePool();
  const aborter = new AbortController();
  const work = [1, 2].map(() => pool.run(SLEEP, null, { signal: aborter.signal }));
  aborter.abort(new Error('enough'));
  const enough = expect.objectContaining({ message: 'enough' }) as unknown;
  expect(await Promise.all(work.map(failureOf))).toEqual([enough, enough]);
  expect(starts()).toBe(1);
  await expect(pool.run(ECHO, 'x', { signal: aborter.signal })).rejects.toThrow('enough');
});

it('closes at once while operations run', async () => {
  const { pool } = hostilePool();
  await pool.run(ECHO, 'started');
  const work = [pool.run(HANG, null), pool.run(SLEEP, null), pool.run(SLEEP, null), pool.run(ECHO, 'x')];
  pool.close();
  // What sleeps would be given up with “timeout”, and after this test's time.
  expect(await Promise.all(work.map(failureOf))).toEqual(['closed', 'closed', 'closed', 'closed']);
  expect(await failureOf(pool.run(ECHO, 'late'))).toBe('closed');
});

it('closes at once, although a process can’t be ended, as one that waits for a dead network drive', async () => {
  const pool = new DecodingPool(() => ({
    send: () => undefined,
    onReply: (listener) => listener({ ready: true }),
    onExit: () => undefined,
    kill: () => undefined,
    keepAlive: () => undefined,
  }));
  const work = [pool.run(ECHO, 'a'), pool.run(ECHO, 'b'), pool.run(ECHO, 'c')];
  pool.close();
  expect(await Promise.all(work.map(failureOf))).toEqual(['closed', 'closed', 'closed']);
});

it('gives up where no process can be started', async () => {
  const { pool, starts } = hostilePool('nothing-here.ts');
  expect(await failureOf(pool.run(ECHO, 'x'))).toBe('unavailable');
  expect(starts()).toBe(3);
});

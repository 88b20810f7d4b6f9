import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { backfill } from '../../../electron/library/backfill.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { saysAll } from '../../../electron/library/sidecars/says-all.ts';
import { rowsOf } from '../rebuild/library-rows.ts';
import { KILLS, randomMoments, runUntilKilled, SEED, TIMEOUT_MS } from '../run-until-killed.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { unpackVersion1 } from './version-1/unpack-library.ts';

const UPGRADER = join(import.meta.dirname, 'backfill-until-killed.ts');

/** The records of requests, by their paths. */
function recordsIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const records = names.filter((name) => /^records\/\d{4}\/\d{2}\/.+\.json$/u.test(name)).toSorted();
  return new Map(records.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const versionsIn = (folder: string): number[] =>
  [...recordsIn(folder).values()].map((text) => (JSON.parse(text) as { version: number }).version);

async function session(folder: string, work: (library: Library) => unknown = () => undefined): Promise<void> {
  const library = await openLibrary(folder, sharedDecoding);
  await backfill(library, { failed: (thrown) => expect.unreachable(String(thrown)) });
  await work(library);
  library.close();
}

/** Everything that must be as it was, or say what it said. */
function compare(folder: string, files: ReadonlyMap<string, Buffer>): void {
  const records = recordsIn(folder);
  for (const [path, content] of files) {
    if (path.startsWith('originals')) expect(readFileSync(join(folder, path)).equals(content), path).toBe(true);
    const record = records.get(path);
    if (record !== undefined) expect(saysAll(record, content.toString('utf8')), path).toBe(true);
  }
  expect(readdirSync(join(folder, 'quarantine'))).toEqual([]);
}

it('records of version 1 are all written again, and say all that they said', async () => {
  const { folder, files } = await unpackVersion1();
  expect(new Set(versionsIn(folder))).toEqual(new Set([1]));
  await session(folder);
  expect(versionsIn(folder)).toEqual(Array.from({ length: 18 }, () => 2));
  compare(folder, files);
});

it('is looked for once: later starts open no record', async () => {
  const { folder } = await unpackVersion1();
  await session(folder);
  const [[path, text] = ['', '']] = recordsIn(folder);
  writeFileSync(join(folder, path), text.replace('"version": 2', '"version": 1'));
  await session(folder);
  expect(versionsIn(folder).filter((version) => version === 1)).toHaveLength(1);
});

it('a record of version 1 that says something else than the database is kept', async () => {
  const { folder } = await unpackVersion1();
  const [[path, text] = ['', '']] = recordsIn(folder);
  const later = text.replace('"request_id": "req_1"', '"request_id": "req_2"');
  expect(later).not.toBe(text);
  writeFileSync(join(folder, path), later);
  await session(folder);
  const [kept = '', ...more] = readdirSync(join(folder, 'quarantine'));
  expect(more).toEqual([]);
  expect(readFileSync(join(folder, 'quarantine', kept), 'utf8')).toBe(later);
  expect(new Set(versionsIn(folder))).toEqual(new Set([2]));
});

it('one that can’t be read keeps no other from being written again, and is looked at by the next start', async () => {
  const { folder } = await unpackVersion1();
  const library = await openLibrary(folder, sharedDecoding);
  // One that nothing else has written again.
  const sql = 'SELECT id FROM generations WHERE recorded_at IS NOT NULL ORDER BY id';
  const id = library.db.prepare<[], string>(sql).pluck().get() ?? '';
  const open = fs.open.bind(fs);
  const opened = vi.spyOn(fs, 'open').mockImplementation((...of) => {
    if (!String(of[0]).endsWith(`${id}.json`)) return open(...of);
    return Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }));
  });
  onTestFinished(() => opened.mockRestore());
  const problems: unknown[] = [];
  await backfill(library, { failed: (thrown) => problems.push(thrown) });
  library.close();
  expect(problems.map(String)).toEqual(['Error: EACCES: permission denied']);
  expect(versionsIn(folder).filter((version) => version === 1)).toHaveLength(1);
  opened.mockRestore();
  await session(folder);
  expect(new Set(versionsIn(folder))).toEqual(new Set([2]));
});

it('one that can’t be written stays, and is written at a later start', async () => {
  const { folder, files } = await unpackVersion1();
  const library = await openLibrary(folder, sharedDecoding);
  const controller = new AbortController();
  library.db
    .exec(`CREATE TEMP TRIGGER stop BEFORE UPDATE OF recorded_at ON generations WHEN NEW.recorded_at IS NOT NULL BEGIN
    SELECT raise(ABORT, 'no'); END`);
  const failures: unknown[] = [];
  await backfill(library, { failed: (thrown) => failures.push(thrown), signal: controller.signal });
  expect(failures.length).toBeGreaterThan(0);
  library.close();
  await session(folder);
  expect(new Set(versionsIn(folder))).toEqual(new Set([2]));
  compare(folder, files);
});

it(
  `the upgrade of records, killed ${KILLS} times at random moments, loses nothing, and the next start ends it (seed ${SEED})`,
  async () => {
    let interrupted = 0;
    let rows: unknown;
    for (const moment of randomMoments({ lines: 40, ms: 3 })) {
      const { folder, files } = await unpackVersion1();
      // The second kill comes while the rest is written.
      for (const lines of [moment.lines, 1 + (moment.lines % 7)]) {
        await runUntilKilled(UPGRADER, [folder], { lines, ms: moment.ms });
        const versions = new Set(versionsIn(folder));
        if (versions.size === 2) interrupted += 1;
      }
      await session(folder, (library) => {
        rows ??= rowsOf(library);
        expect(rowsOf(library)).toEqual(rows);
        expect(library.db.pragma('integrity_check', { simple: true })).toBe('ok');
      });
      expect(versionsIn(folder)).toEqual(Array.from({ length: 18 }, () => 2));
      compare(folder, files);
    }
    expect(interrupted).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

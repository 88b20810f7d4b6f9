import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { expect, inject, it, onTestFinished } from 'vitest';
import type { Sha256 } from '../../electron/contract/entities/ids.ts';
import { printFilter } from '../../electron/contract/query/print-query.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { finishRemovals } from '../../electron/library/order/removals.ts';
import { findUnlisted } from '../../electron/library/unlisted-originals.ts';
import fc from '../fast-check.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';
import { emptyFolder } from '../library/test-library.ts';
import { insertImages } from '../library/order/order-fixtures.ts';

const CHANGER = join(import.meta.dirname, '../library/order/change-until-killed.ts');
const SEED = inject('seed') ?? Date.now() % 2 ** 31;
const KILLS = inject('requestsPerFailure') > 5 ? 200 : 6;
const IMAGES = 1200;
const EDITED = 'created_at % 4 < 2';
const DELETED = 'created_at % 4 = 2';

/** A library with a file for each original, closed. */
async function prepared(): Promise<string> {
  const folder = join(await emptyFolder(), 'library');
  const library = await openLibrary(folder, sharedDecoding);
  insertImages(library.db, IMAGES);
  for (const row of library.db.prepare<[], { sha256: Sha256; format: 'png' }>('SELECT * FROM originals').all()) {
    const path = originalPath(folder, row.sha256, row.format);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, row.sha256);
  }
  library.db.exec(`INSERT INTO collections (key, id, name, position, query, created_at) VALUES
    (1, '${uuid()}', 'Bulk', 1, NULL, 1), (2, '${uuid()}', 'Named', 2, 'tag:named fox', 1);
    INSERT INTO tags (key, id, name, folded, created_at) VALUES (1, '${uuid()}', 'named', 'named', 1)`);
  library.close();
  return folder;
}

/** Changes the library in another process that is killed some ms after its first change began. */
async function changeAndDie(folder: string, { seed, ms }: { seed: number; ms: number }): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHANGER, folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout);
  lines.once('line', () => void after(ms).then(() => child.kill('SIGKILL')));
  await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
}

async function checkWhole(library: Library): Promise<void> {
  const { db, folder } = library;
  const one = (sql: string): unknown => db.prepare(sql).pluck().get();
  expect(one("SELECT count(*) FROM changes WHERE state IN ('applying', 'reverting')")).toBe(0);
  const edited = Number(one(`SELECT count(*) FROM images WHERE ${EDITED}`));
  expect(edited).toBe(IMAGES / 2);
  expect(db.prepare(`SELECT DISTINCT rating FROM images WHERE ${EDITED}`).all()).toHaveLength(1);
  expect([0, edited - 1]).toContain(one(`SELECT count(*) FROM images WHERE ${EDITED} AND deleted_at IS NOT NULL`));
  const tagged = db.prepare('SELECT count(*) FROM image_tags GROUP BY tag').pluck().all();
  expect(tagged.filter((count) => count !== edited)).toEqual([]);
  expect(db.prepare(`SELECT DISTINCT favourite FROM images WHERE ${EDITED}`).all()).toHaveLength(1);
  expect([0, edited]).toContain(one('SELECT count(*) FROM collection_images'));
  expect(one('SELECT count(*) - count(DISTINCT position) FROM collection_images')).toBe(0);
  expect(one('SELECT query FROM collections WHERE key = 2')).toBe(
    `${printFilter({ field: 'tag', values: [String(one('SELECT name FROM tags WHERE key = 1'))], not: false })} fox`,
  );
  for (const trashed of ['', ' AND deleted_at IS NOT NULL'])
    expect([0, IMAGES / 4]).toContain(one(`SELECT count(*) FROM images WHERE ${DELETED}${trashed}`));
  expect(one("SELECT value FROM counters WHERE name = 'trash'")).toBe(
    one('SELECT count(*) FROM images WHERE deleted_at IS NOT NULL'),
  );
  expect(
    one(`SELECT count(*) FROM tags WHERE images <> (SELECT count(*) FROM image_tags m JOIN images i USING (timeline)
      WHERE m.tag = key AND i.deleted_at IS NULL)`),
  ).toBe(0);
  expect(one('SELECT count(*) FROM picture_words')).toBe(one('SELECT count(*) FROM images'));
  expect(await findUnlisted(library, new AbortController().signal)).toBeNull();
  expect(await finishRemovals(library, () => false)).toEqual([]);
  expect(filesUnder(join(folder, 'originals'))).toBe(one('SELECT count(*) FROM originals'));
  expect(one('SELECT count(*) FROM originals')).toBe(one('SELECT count(*) FROM images'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.pragma('foreign_key_check')).toEqual([]);
}

function filesUnder(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length;
}

it(
  `kill -9 in bulk edits, merges and emptying leaves nothing half-done, at ${KILLS} moments (seed ${SEED})`,
  { timeout: 60_000 + KILLS * 10_000 },
  async () => {
    const moment = fc.record({ seed: fc.integer({ min: 1, max: 1e6 }), ms: fc.integer({ min: 0, max: 250 }) });
    let folder = await prepared();
    for (const [kill, each] of fc.sample(fc.noBias(moment), { seed: SEED, numRuns: KILLS }).entries()) {
      if (kill % 10 === 9) folder = await prepared();
      await changeAndDie(folder, each);
      const library = await openLibrary(folder, sharedDecoding);
      try {
        await checkWhole(library);
      } finally {
        library.close();
      }
    }
  },
);

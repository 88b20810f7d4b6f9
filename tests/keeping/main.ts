/**
 * A library is made, exported, robbed of its database, rebuilt and compared with what it was. `npm run test:keeping -- --images 10000`.
 * Prints a table, and exits with 1 if anything is missing that must come back.
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backfill } from '../../electron/library/backfill.ts';
import { runExportThread } from '../../electron/library/export/export-thread.ts';
import { openLibrary } from '../../electron/library/library.ts';
import { rebuildLibrary } from '../../electron/library/rebuild/rebuild-library.ts';
import { checkZip } from './check-zip.ts';
import { compareTables, EXACT, readTables, unknownTables, type Compared } from './compare-tables.ts';
import { fillLibrary } from './fill-library.ts';

/** Part of all rows that must come back with every value. */
const LEAST = 0.999;
const LEAST_IMAGES = 100;

const images = readImages();
const missed: string[] = [];
const folder = await mkdtemp(join(process.env['EMULSION_BENCH_DIR'] ?? tmpdir(), 'emulsion-keeping-'));
try {
  await run();
} finally {
  if (missed.length === 0) await rm(folder, { recursive: true, force: true });
  else console.error(`Kept for inspection: ${folder}`);
}
console.log(missed.length === 0 ? 'Everything that must come back did.' : `MISSED:\n${missed.join('\n')}`);
process.exitCode = missed.length === 0 ? 0 : 1;

function readImages(): number {
  const { values } = parseArgs({ options: { images: { type: 'string' } } });
  const images = Number(values.images ?? 10_000);
  if (Number.isInteger(images) && images >= LEAST_IMAGES) return images;
  throw new Error(`Usage: npm run test:keeping -- --images N, at least ${LEAST_IMAGES}`);
}

async function run(): Promise<void> {
  const library = await step(`making ${images} images`, () => fillLibrary(folder, images));
  const before = await step('reading every table', () => readOpen(library));
  await exportAll(library);
  await step('taking the database away', () => takeDatabase(library, join(folder, 'lost')));
  const { restored, unused, missingFiles, unlistedFiles } = await step('rebuilding', () =>
    rebuildLibrary(library, { signal: new AbortController().signal, progress: () => undefined }),
  );
  expectCount('images in the rebuilt library', restored.images, images);
  for (const [what, count] of Object.entries({ unused, missingFiles, unlistedFiles })) expectCount(what, count, 0);
  const after = await step('reading every table again', () => readOpen(library));
  report(compareTables(before, after));
}

/** Opens a library and completes what a start completes: a rebuild leaves the index of used prompts to it. @returns its rows; it is closed again */
async function readOpen(path: string): Promise<ReturnType<typeof readTables>> {
  const library = await openLibrary(path);
  const { db, close } = library;
  try {
    await backfill(library, { failed: (thrown) => missed.push(`backfill: ${String(thrown)}`) });
    const unknown = unknownTables(db);
    if (unknown.length > 0) missed.push(`not compared: the tables ${unknown.join(', ')}`);
    return readTables(db);
  } finally {
    close();
  }
}

/** Exports all images as one ZIP, and reads it with other programs. */
async function exportAll(path: string): Promise<void> {
  const target = join(folder, 'exported');
  await mkdir(target);
  const { db, decoding, close } = await openLibrary(path);
  try {
    const timelines = Float64Array.from(
      db.prepare<[], number>('SELECT timeline FROM images ORDER BY timeline').pluck().all(),
    );
    const options = { folder: target, as: 'zip', images: 'originals', names: '{date} {prompt}' } as const;
    const control = {
      signal: new AbortController().signal,
      progress: () => undefined,
      pausePoint: () => Promise.resolve(),
    };
    const { path: zip, images: exported } = await step('exporting all as a ZIP', () =>
      runExportThread({ kind: 'export', folder: path, timelines, options }, control, decoding),
    );
    expectCount('images exported', exported, images);
    const found = await step('reading the ZIP with yauzl and unzip', () => checkZip(zip, db));
    const sources = db
      .prepare<[], number>('SELECT count(*) FROM (SELECT DISTINCT coalesce(generation_id, import_id) FROM images)')
      .pluck()
      .get();
    if (found.unzip !== 'sound')
      (found.unzip === null ? console.error : missed.push.bind(missed))(
        `unzip -t: ${found.unzip ?? 'not installed, not run'}`,
      );
    expectCount('images in the ZIP with their bytes', found.images, images);
    expectCount('originals missing in the ZIP', found.missing, 0);
    expectCount('records in the ZIP', found.records, sources ?? -1);
    expectCount('lines of images.csv', found.rows, images);
    expectCount('index.html', Number(found.hasPage), 1);
    console.error(
      `${((await stat(zip)).size / 1e9).toFixed(2)} GB, ${found.thumbnails} thumbnails, unzip -t: ${found.unzip ?? 'not run'}`,
    );
  } finally {
    close();
  }
}

/** Moves a closed library's database out of it. */
async function takeDatabase(library: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of ['library.db', 'library.db-wal', 'library.db-shm'])
    if (existsSync(join(library, name))) await rename(join(library, name), join(to, name));
}

function report(compared: readonly Compared[]): void {
  const rows = compared.filter(({ before, more }) => before + more > 0);
  const line = ({ name, before, same, more }: Compared): [string, object] => [
    name,
    { before, same, more, 'must be': EXACT.includes(name) ? 'all' : '' },
  ];
  console.table(Object.fromEntries(rows.map(line)));
  for (const { name, lost, added } of rows)
    if (lost ?? added)
      console.log(`${name}, for example:\n  was ${lost ?? 'not there'}\n  is  ${added ?? 'not there'}`);
  const total = { before: 0, same: 0 };
  for (const { name, before, same, more } of rows) {
    if (!EXACT.includes(name)) {
      total.before += before;
      total.same += same;
    } else if (same !== before || more > 0)
      missed.push(`${name}: ${same} of ${before}, and ${more} that weren’t there`);
  }
  for (const name of EXACT)
    if (!rows.some((row) => row.name === name)) missed.push(`${name}: none were made, so nothing is proven`);
  const part = total.same / total.before;
  console.log(
    `${total.same} of ${total.before} rows came back with every value: ${(100 * part).toFixed(3)} %, at least ${100 * LEAST} %`,
  );
  if (part < LEAST) missed.push(`rows: ${total.same} of ${total.before}`);
}

function expectCount(what: string, count: number, wanted: number): void {
  console.error(`${what}: ${count}`);
  if (count !== wanted) missed.push(`${what}: ${count}, not ${wanted}`);
}

async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await work();
  console.error(`${what}: ${((performance.now() - from) / 1000).toFixed(1)} s`);
  return result;
}

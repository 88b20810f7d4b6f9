import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { makeLibrary } from '../../build/make-library/make-library.ts';
import type { Change, Edit } from '../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../electron/contract/entities/ids.ts';
import type { Selection, ViewQuestion } from '../../electron/contract/entities/views.ts';
import { openUntrusted, type Readable } from '../../electron/library/db/database.ts';
import { countBits } from '../../electron/library/index/bits.ts';
import { BYTES_PER_IMAGE } from '../../electron/library/index/columns.ts';
import { FACTS_AFTER } from '../../electron/library/index/image-facts.ts';
import { startImageIndex, type ImageIndex } from '../../electron/library/index/image-index.ts';
import { IndexCore } from '../../electron/library/index/index-core.ts';
import { readLibrary, type IndexData } from '../../electron/library/index/index-data.ts';
import { readStoredIndex, storedIndexPath, storeIndex } from '../../electron/library/index/stored-index.ts';
import { TextSearch } from '../../electron/library/index/text-search.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { LibraryChanges } from '../../electron/library/order/library-changes.ts';
import { watchBlocks, type Block } from './blocks.ts';
import { median, progress, report } from './report.ts';

/** Numbers of images; `EMULSION_BENCH_IMAGES` names others. */
const SIZES = (process.env['EMULSION_BENCH_IMAGES'] ?? '100000 1000000').split(' ').map(Number);
/** A word that a third of the made prompts have. */
const FREQUENT = 'light';
const ROUNDS = 7;

/**
 * The image index at 100,000 and 1,000,000 images. `EMULSION_BENCH_LIBRARIES`: a folder in which made libraries are kept for the next run,
 * each in a folder named by its size.
 */
export async function index(): Promise<void> {
  const kept = process.env['EMULSION_BENCH_LIBRARIES'];
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'emulsion-bench-index-')));
  try {
    for (const size of SIZES) await benchSize(join(folder, String(size)), size);
  } finally {
    if (kept === undefined) await rm(folder, { recursive: true, force: true });
  }
}

async function benchSize(dir: string, size: number): Promise<void> {
  if (!existsSync(join(dir, 'library.db'))) {
    progress(`making a library of ${size} images …`);
    await makeLibrary({ dir, count: size });
  }
  const at = size === 1_000_000 ? '1M' : '100k';
  const figure = (name: string, value: number, unit: string, bar: number | null): void =>
    report({ bench: 'index', figure: `${name}, ${at}`, value, unit, bar, best: 'least' });
  const library = await openLibrary(dir);
  try {
    const db = openUntrusted(join(dir, 'library.db'), { readonly: true }) as Readable;
    benchMaking(db, dir, figure);
    benchCore(db, dir, figure);
    db.close();
    await benchThread(library, figure);
  } finally {
    library.close();
  }
}

type Figure = (name: string, value: number, unit: string, bar: number | null) => void;

/** CPU of this thread in ms: what else runs on the machine doesn't count. */
function timed(act: () => void): number {
  const from = process.threadCpuUsage();
  act();
  const { user, system } = process.threadCpuUsage(from);
  return (user + system) / 1000;
}

/** The middle of several. */
function rounds(act: (round: number) => void): number {
  return median(Array.from({ length: ROUNDS }, (_, round) => timed(() => act(round))));
}

function benchMaking(db: Readable, dir: string, figure: Figure): void {
  progress('reading everything …');
  let cells = 0;
  const select = timed(() => {
    for (const row of db.prepare<[number, number], unknown[]>(FACTS_AFTER).raw().iterate(-1, 1e9)) cells += row.length;
  });
  const read: IndexData[] = [];
  const made = timed(() => {
    const slices = readLibrary(db);
    let step = slices.next();
    while (!step.done) step = slices.next();
    read.push(step.value);
  });
  figure('made anew ÷ one SELECT of the same columns', made / select, '×', 1.5);
  figure('made anew', made, 'ms', null);
  progress(`${cells} cells`);
  for (const data of read) storeIndex(dir, db, data);
}

const ask = (query: string, seed = 0): ViewQuestion => ({
  query,
  // The seed makes it another question, so that nothing is answered from memory.
  sort: { by: 'date', descending: true, seed },
  grouping: 'day',
  stacking: 'none',
  place: 'library',
});

/** What the thread does for a question, without the messages. */
function benchCore(db: Readable, dir: string, figure: Figure): void {
  const data = readStoredIndex(dir, db);
  if (!data) throw new Error('The index was not stored.');
  const core = new IndexCore(db, data, { prefix: 'bench', now: Date.now });
  const filtered = core.answer('ask', { question: ask(`${FREQUENT} rating:>=2 model:gpt-image-1,gpt-image-2`) });
  const facets = rounds(() => core.answer('facets', { viewId: filtered.id }));
  figure('all facets with a text and two filters', facets, 'ms', 30);
  const everything = core.answer('ask', { question: ask('') });
  figure(
    'all facets of everything',
    rounds(() => core.answer('facets', { viewId: everything.id })),
    'ms',
    null,
  );
  let hits = 0;
  const text = rounds(() => {
    const found = new TextSearch(db).find(data, [{ kind: 'word', text: FREQUENT, not: false }]);
    hits = found ? countBits(found.bits) : 0;
  });
  figure(`text with ${hits} hits to a set`, text, 'ms', 150);
  const [first] = core.answer('rows', { viewId: everything.id, from: 1000, count: 1 });
  const similar = rounds((round) => {
    data.derived.clear();
    core.answer('ask', { question: ask(`similar:${first?.id ?? ''}`, round) });
  });
  figure('similar look over all', similar, 'ms', 60);
  figure('bytes for each image in columns', BYTES_PER_IMAGE, 'bytes', 100);
}

async function ready(index: ImageIndex): Promise<number> {
  const from = performance.now();
  while (!index.status.ready) await delay(5);
  return performance.now() - from;
}

async function benchThread(library: Library, figure: Figure): Promise<void> {
  const failed = (sentence: string, thrown: unknown): void => progress(`${sentence}: ${String(thrown)}`);
  const index = startImageIndex(library, { onStatus: () => undefined, log: failed, idleMs: 200 });
  figure('ready after a restart', await ready(index), 'ms', 1000);
  const stop = watchBlocks();
  const typed = [FREQUENT, 'glass', 'fox', 'rating:>=3', 'harbour model:gpt-image-2', 'no-such-word', ''];
  const answered: number[] = [];
  for (const [seed, query] of typed.entries()) {
    const from = performance.now();
    const view = await index.ask('ask', { question: ask(query, seed + 1) });
    await Promise.all([
      index.ask('rows', { viewId: view.id, from: 0, count: 200 }),
      index.ask('shape', { viewId: view.id }),
    ]);
    answered.push(performance.now() - from);
  }
  figure('query typed to first rows answered, median', median(answered), 'ms', 100);
  await benchChanges(library, index, figure);
  const block = stop();
  figure('longest block of the main process', block.cpu, 'ms of processor time', 16);
  figure('longest block of the main process', block.wall, 'ms', null);
  await benchEdits(library, index, figure);
  await index.close();
  if (!existsSync(storedIndexPath(library.folder))) progress('The index was not stored.');
}

/** Timeline keys of the newest 100,000 images, read a page at a time: reading them at once would be the longest block. */
async function newest(db: Readable): Promise<number[]> {
  const sql = 'SELECT timeline FROM images WHERE deleted_at IS NULL AND timeline < ? ORDER BY timeline DESC LIMIT 2000';
  const page = db.prepare<[number], number>(sql).pluck();
  const all: number[] = [];
  for (let next = page.all(Number.MAX_SAFE_INTEGER); next.length > 0; next = page.all(next.at(-1) ?? 0)) {
    all.push(...next);
    if (all.length >= 100_000) break;
    await delay(1);
  }
  return all;
}

/** Tags and undoes, in turn. */
const EDITS = 3;

/** Of several runs of the same. */
class Measured {
  readonly times: number[] = [];
  readonly cpu: number[] = [];
  readonly wall: number[] = [];

  add(time: number, { cpu, wall }: Block): void {
    this.times.push(time);
    this.cpu.push(cpu);
    this.wall.push(wall);
  }
}

/** A tag for 100,000 images and its undo, as the main process makes them while the thread applies them. */
async function benchEdits(library: Library, index: ImageIndex, figure: Figure): Promise<void> {
  const images = await newest(library.db);
  let ended = Promise.withResolvers<Change>();
  const changes = new LibraryChanges({
    library,
    resolve: () => Promise.resolve(images),
    changed(change) {
      index.refresh();
      if (change.state !== 'applying' && change.state !== 'reverting') ended.resolve(change);
    },
    failed: (thrown) => progress(`An edit failed: ${String(thrown)}`),
  });
  const measured = { tagging: new Measured(), 'undoing the tag of': new Measured() };
  const timedEdit = async (name: keyof typeof measured, edit: () => Promise<Change>): Promise<Change> => {
    ended = Promise.withResolvers<Change>();
    const stop = watchBlocks();
    const from = performance.now();
    await edit();
    const change = await ended.promise;
    measured[name].add(performance.now() - from, stop());
    return change;
  };
  const selection: Selection = { kind: 'view', question: ask(''), ranges: 'all', except: [], also: [], until: 0 };
  const edit: Edit = { kind: 'tag', add: ['bench/all'], remove: [] };
  for (let round = 0; round < EDITS; round += 1) {
    const { id } = await timedEdit('tagging', () => changes.apply(uuid() as ChangeId, selection, edit));
    await timedEdit('undoing the tag of', () => changes.undo(id));
  }
  for (const [name, { times, cpu, wall }] of Object.entries(measured)) {
    figure(`${name} 100,000 images`, median(times), 'ms', 2000);
    const block = `longest block of the main process in ${name} 100,000 images`;
    figure(block, median(cpu), 'ms of processor time', 16);
    figure(block, median(wall), 'ms', 16);
  }
  await changes.close();
}

/** Changes of 100,000 images, applied by the thread; in slices, as the main process writes them. */
async function benchChanges(library: Library, index: ImageIndex, figure: Figure): Promise<void> {
  const { db } = library;
  const all = await newest(db);
  const rate = db.prepare('UPDATE images SET rating = (rating + 1) % 6 WHERE timeline = ?');
  for (let from = 0; from < all.length; from += 200) {
    db.transaction(() => {
      for (const timeline of all.slice(from, from + 200)) rate.run(timeline);
    })();
    await delay(1);
  }
  const from = performance.now();
  await index.ask('ask', { question: ask('rating:>=4', 99) });
  figure('100,000 changes applied and asked', performance.now() - from, 'ms', 200);
  // Until it is stored, and the log is pruned.
  const logged = db.prepare<[], number>('SELECT count(*) FROM (SELECT 1 FROM index_log LIMIT 1)').pluck();
  for (let waited = 0; waited < 60_000 && logged.get() !== 0; waited += 50) await delay(50);
}

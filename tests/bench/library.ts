import { setTimeout as delay } from 'node:timers/promises';
import type { ImageCursor } from '../../electron/contract/entities/images.ts';
import type { ViewQuestion } from '../../electron/contract/entities/views.ts';
import { startImageIndex, type ImageIndex } from '../../electron/library/index/image-index.ts';
import { readImagePage } from '../../electron/library/images/search.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { madeLibrary } from './made-library.ts';
import { median, progress, report } from './report.ts';

const SIZES = [100_000, 1_000_000] as const;
const RUNS = 15;
/** A word of one prompt in a hundred or so. */
const WORD = 'linocut';

interface Measured {
  coldMs: number;
  firstPageMs: number;
  deepPageMs: number;
  searchMs: number;
  scanMs: number;
  facetsMs: number;
  indexBytes: number;
  objectBytes: number;
}

/** The library's reads at 100,000 and 1,000,000 images: pages, searches, facets and months, what the grid is sent, and the cold start. */
export async function library(): Promise<void> {
  const [small, large] = [await measure(SIZES[0]), await measure(SIZES[1])];
  const ratio = (of: keyof Measured): number => large[of] / small[of];
  const line = (figure: string, value: number, unit: string, bar: number | null): void =>
    report({ bench: 'library', figure, value, unit, bar, best: 'least' });
  line('first page of 200, 1M ÷ 100k', ratio('firstPageMs'), 'ratio', 1.5);
  line('page by key at random depth, 1M ÷ 100k', ratio('deepPageMs'), 'ratio', 4);
  line('first 200 of a search ÷ LIKE scan, 1M', large.searchMs / large.scanMs, 'ratio', 0.1);
  line('view with months, and facets, 1M', large.facetsMs, 'ms', 60);
  line('shape for the grid ÷ rows as JSON, bytes, 1M', large.indexBytes / large.objectBytes, 'ratio', 0.01);
  line('cold start to first 100 rows, 1M ÷ 100k', ratio('coldMs'), 'ratio', 2);
  line('first page of 200, 1M', large.firstPageMs, 'ms', null);
  line('page by key at random depth, 1M', large.deepPageMs, 'ms', null);
  line('cold start to first 100 rows, 1M', large.coldMs, 'ms', null);
}

async function measure(count: number): Promise<Measured> {
  const dir = await madeLibrary(count);
  progress(`library ${count.toLocaleString('en')} …`);
  const from = performance.now();
  const opened = await openLibrary(dir);
  readImagePage(opened.db, { search: '', after: null, limit: 100 });
  const coldMs = performance.now() - from;
  const index = startImageIndex(opened, { onStatus: () => undefined, log: (sentence) => progress(sentence) });
  try {
    return { coldMs, ...measureReads(opened), ...(await measureIndex(index)) };
  } finally {
    await index.close();
    opened.close();
  }
}

function measureReads({ db }: Library): Omit<Measured, 'coldMs' | 'facetsMs' | 'indexBytes' | 'objectBytes'> {
  const page = (search: string, after: ImageCursor | null): unknown => readImagePage(db, { search, after, limit: 200 });
  const cursors = randomCursors(db);
  const scan =
    "SELECT count(*) FROM images i JOIN generations g ON g.id = i.generation_id WHERE g.prompt LIKE '%qqqq%'";
  return {
    firstPageMs: timed(() => page('', null)),
    deepPageMs: median(cursors.map((cursor) => once(() => page('', cursor)))),
    searchMs: timed(() => page(WORD, null)),
    scanMs: timed(() => db.prepare(scan).get(), 3),
  };
}

/** Images at random places in time, the same in each run. */
function randomCursors(db: Library['db']): ImageCursor[] {
  const { least, most } = db
    .prepare<[], { least: number; most: number }>('SELECT min(timeline) AS least, max(timeline) AS most FROM images')
    .get() ?? { least: 0, most: 0 };
  const at = db.prepare<[number], ImageCursor>(
    'SELECT id, created_at AS createdAt FROM images WHERE timeline >= ? ORDER BY timeline LIMIT 1',
  );
  return Array.from({ length: 40 }, (_, step) => at.get(least + (most - least) * ((step * 0.618_034) % 1))).filter(
    (cursor) => cursor !== undefined,
  );
}

const QUESTION: ViewQuestion = {
  query: '',
  sort: { by: 'date', descending: true },
  grouping: 'month',
  stacking: 'none',
  place: 'library',
};

async function measureIndex(index: ImageIndex): Promise<Pick<Measured, 'facetsMs' | 'indexBytes' | 'objectBytes'>> {
  while (!index.status.ready) await delay(50);
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    // Another question each time, so that nothing is answered from memory.
    const query = `rating:>=${run % 5} -is:rejected cost:<${run + 1}`;
    const from = performance.now();
    const view = await index.ask('ask', { question: { ...QUESTION, query } });
    await index.ask('facets', { viewId: view.id });
    times.push(performance.now() - from);
  }
  const { id: viewId } = await index.ask('ask', { question: QUESTION });
  const shape = await index.ask('shape', { viewId });
  const rows = await index.ask('rows', { viewId, from: 0, count: 200 });
  const objectBytes = (JSON.stringify(rows).length / rows.length) * shape.length;
  return { facetsMs: median(times), indexBytes: shape.byteLength, objectBytes };
}

function once(act: () => unknown): number {
  const from = performance.now();
  act();
  return performance.now() - from;
}

function timed(act: () => unknown, runs = RUNS): number {
  act();
  return median(Array.from({ length: runs }, () => once(act)));
}

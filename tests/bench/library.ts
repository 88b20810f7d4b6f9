import { setTimeout as delay } from 'node:timers/promises';
import type { ViewQuestion } from '../../electron/contract/entities/views.ts';
import { startImageIndex, type ImageIndex } from '../../electron/library/index/image-index.ts';
import { readNewestImages } from '../../electron/library/images/newest-images.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { madeLibrary } from './made-library.ts';
import { median, progress, report } from './report.ts';
import { ALL_IMAGES } from '../all-images.ts';

const SIZES = [100_000, 1_000_000] as const;
const RUNS = 15;
/** Words that made prompts begin with; each is asked once, so that no hits come from memory. */
const WORDS = 'linocut blueprint cyanotype claymation risograph fresco macro aerial logo'.split(' ');
const ROWS = 200;

interface Measured {
  coldMs: number;
  firstRowsMs: number;
  deepRowsMs: number;
  searchMs: number;
  scanMs: number;
  facetsMs: number;
  indexBytes: number;
  objectBytes: number;
}

/** The library's reads at 100,000 and 1,000,000 images: rows, searches, facets and months, what the grid is sent, and the cold start. */
export async function library(): Promise<void> {
  const [small, large] = [await measure(SIZES[0]), await measure(SIZES[1])];
  const ratio = (of: keyof Measured): number => large[of] / small[of];
  const line = (figure: string, value: number, unit: string, bar: number | null): void =>
    report({ bench: 'library', figure, value, unit, bar, best: 'least' });
  line('first 200 rows of the view, 1M ÷ 100k', ratio('firstRowsMs'), 'ratio', 1.5);
  line('200 rows of the view at random depth, 1M ÷ 100k', ratio('deepRowsMs'), 'ratio', 4);
  line('search and its first 200 rows ÷ LIKE scan, 1M', large.searchMs / large.scanMs, 'ratio', 0.1);
  line('view with months, and facets, 1M', large.facetsMs, 'ms', 60);
  line('shape for the grid ÷ rows as JSON, bytes, 1M', large.indexBytes / large.objectBytes, 'ratio', 0.01);
  line('cold start to first 100 rows, 1M ÷ 100k', ratio('coldMs'), 'ratio', 2);
  line('first 200 rows of the view, 1M', large.firstRowsMs, 'ms', null);
  line('200 rows of the view at random depth, 1M', large.deepRowsMs, 'ms', null);
  line('cold start to first 100 rows, 1M', large.coldMs, 'ms', null);
}

async function measure(count: number): Promise<Measured> {
  const dir = await madeLibrary(count);
  progress(`library ${count.toLocaleString('en')} …`);
  const from = performance.now();
  const opened = await openLibrary(dir);
  readNewestImages(opened.db, { limit: 100 });
  const coldMs = performance.now() - from;
  const index = startImageIndex(opened, { onStatus: () => undefined, log: (sentence) => progress(sentence) });
  try {
    while (!index.status.ready) await delay(50);
    return {
      coldMs,
      ...(await measureRows(index)),
      ...(await measureSearch(index, opened)),
      ...(await measureIndex(index)),
    };
  } finally {
    await index.close();
    opened.close();
  }
}

const QUESTION: ViewQuestion = { ...ALL_IMAGES, grouping: 'month' };

/** Rows of the view of all images, at its head and at places all over it, the same in each run. */
async function measureRows(index: ImageIndex): Promise<Pick<Measured, 'firstRowsMs' | 'deepRowsMs'>> {
  const { id: viewId, total } = await index.ask('ask', { question: QUESTION });
  const rowsFrom = (from: number): Promise<number> => timed(() => index.ask('rows', { viewId, from, count: ROWS }));
  await rowsFrom(0);
  const [first, deep]: [number[], number[]] = [[], []];
  for (let step = 1; step <= 40; step += 1) {
    first.push(await rowsFrom(0));
    deep.push(await rowsFrom(Math.floor((total - ROWS) * ((step * 0.618_034) % 1))));
  }
  return { firstRowsMs: median(first), deepRowsMs: median(deep) };
}

/** A search as it is typed, until its first rows are there; and a scan of all prompts, in turns. */
async function measureSearch(index: ImageIndex, { db }: Library): Promise<Pick<Measured, 'searchMs' | 'scanMs'>> {
  const scan = db.prepare(
    "SELECT count(*) FROM images i JOIN generations g ON g.id = i.generation_id WHERE g.prompt LIKE '%qqqq%'",
  );
  const [searches, scans]: [number[], number[]] = [[], []];
  for (const [turn, query] of WORDS.entries()) {
    const search = async (): Promise<void> => {
      const { id: viewId, total } = await index.ask('ask', { question: { ...QUESTION, query } });
      if (total === 0) throw new Error(`No image has the word ${query}.`);
      await index.ask('rows', { viewId, from: 0, count: ROWS });
    };
    searches.push(await timed(search));
    if (turn % 3 === 0) scans.push(await timed(() => scan.get()));
  }
  return { searchMs: median(searches), scanMs: median(scans) };
}

async function measureIndex(index: ImageIndex): Promise<Pick<Measured, 'facetsMs' | 'indexBytes' | 'objectBytes'>> {
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

async function timed(act: () => unknown): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

import type { Page } from '@playwright/test';
import { focusGrid, longestTask, withLibraryPage } from './library-page.ts';
import { madeLibrary } from './made-library.ts';
import { median, progress, report } from './report.ts';

/** Marks and bulk edits at 100,000 images, and similar looks at 1,000,000. Everything is undone at the end. */
export async function culling(): Promise<void> {
  const line = (figure: string, value: number, unit: string, bar: number | null): void =>
    report({ bench: 'culling', figure, value, unit, bar, best: 'least' });
  await withLibraryPage(await madeLibrary(100_000), async ({ page }) => {
    const { painted, durable } = await rate(page);
    line('key to rating painted', painted, 'ms', 34);
    line('rating durable', durable, 'ms', 30);
    const took = { tag: 0, undo: 0 };
    const tagTask = await longestTask(page, async () => void Object.assign(took, await tagAll(page)));
    line('tag 100,000', took.tag, 'ms', 2000);
    line('undo tagging 100,000', took.undo, 'ms', 2000);
    line('longest task of the page meanwhile', tagTask, 'ms', 50);
  });
  progress('culling 1M …');
  await withLibraryPage(await madeLibrary(1_000_000), async ({ page }) => {
    line('similar look over 1M', await similar(page), 'ms', 60);
  });
}

const RUNS = 9;
/** Tags and undoes of all images. */
const EDITS = 3;

/** Rates the focused image by key: until the cell says so, and until the change is stored. */
async function rate(page: Page): Promise<{ painted: number; durable: number }> {
  const painted: number[] = [];
  await focusGrid(page);
  for (let run = 0; run < RUNS; run += 1) {
    const stars = 1 + (run % 5);
    const shown = page.evaluate(async (wanted) => {
      const cell = document.activeElement;
      const start = await new Promise<number>((pressed) =>
        addEventListener('keydown', (event) => pressed(event.timeStamp), { capture: true, once: true }),
      );
      while (!cell?.getAttribute('aria-label')?.includes(wanted) && performance.now() - start < 5000)
        await new Promise(requestAnimationFrame);
      return performance.now() - start;
    }, `${stars} star`);
    await page.evaluate(() => undefined);
    await page.keyboard.press(String(stars));
    painted.push(await shown);
  }
  const durable = await page.evaluate(async (runs) => {
    const { images } = await window.benchCall('library.newest', { limit: runs });
    const times: number[] = [];
    for (const image of images) {
      const { marks } = await window.benchCall('library.image', { imageId: image.id });
      const start = performance.now();
      const id = crypto.randomUUID();
      const selection = { kind: 'images', imageIds: [image.id] };
      const edit = { kind: 'rate', rating: (marks.rating + 1) % 6 };
      await window.benchCall('changes.apply', { id, selection, edit });
      times.push(performance.now() - start);
      await window.benchCall('changes.undo', { id });
    }
    return times;
  }, RUNS);
  return { painted: median(painted), durable: median(durable) };
}

const QUESTION = { sort: { by: 'date', descending: true }, grouping: 'none', stacking: 'none', place: 'library' };

/** Tags all images and undoes it, several times: until the page hears that each is done. */
async function tagAll(page: Page): Promise<{ tag: number; undo: number }> {
  const times: { tag: number; undo: number }[] = [];
  for (let run = 0; run < EDITS; run += 1) times.push(await page.evaluate(tagOnce, QUESTION));
  return { tag: median(times.map(({ tag }) => tag)), undo: median(times.map(({ undo }) => undo)) };
}

/** In the page. */
async function tagOnce(question: typeof QUESTION): Promise<{ tag: number; undo: number }> {
  const id = crypto.randomUUID();
  const ended = (state: string): Promise<void> =>
    new Promise((done) => {
      const stop = window.studio.subscribe((event) => {
        if (event.type !== 'change' || event.change.id !== id || event.change.state !== state) return;
        stop();
        done();
      });
    });
  const timed = async (state: string, begin: () => Promise<unknown>): Promise<number> => {
    const end = ended(state);
    const start = performance.now();
    await begin();
    await end;
    return performance.now() - start;
  };
  const selection = {
    kind: 'view',
    question: { ...question, query: '' },
    ranges: 'all',
    except: [],
    also: [],
    until: Date.now(),
  };
  const edit = { kind: 'tag', add: ['bench/all'], remove: [] };
  const tag = await timed('done', () => window.benchCall('changes.apply', { id, selection, edit }));
  const undo = await timed('undone', () => window.benchCall('changes.undo', { id }));
  return { tag, undo };
}

async function similar(page: Page): Promise<number> {
  const times = await page.evaluate(
    async ({ question, runs }) => {
      const { images } = await window.benchCall('library.newest', { limit: runs });
      const took: number[] = [];
      for (const { id } of images) {
        const start = performance.now();
        await window.benchCall('views.ask', { question: { ...question, query: `similar:${id}` } });
        took.push(performance.now() - start);
      }
      return took;
    },
    { question: QUESTION, runs: RUNS },
  );
  return median(times);
}

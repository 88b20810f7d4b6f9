import type { Page } from '@playwright/test';
import { withMaskPage } from './mask-page.ts';
import { median, progress, report } from './report.ts';

const ROUNDS = 9;
const FRAMES = 240;
const STROKES = 2000;
/** Of one byte a pixel; a canvas has four. */
const BITMAP = 3840 * 2160;

/**
 * The brush on a mask of 3840×2160, in a real browser: one pointer move against drawing the whole mask anew, in turn; the same after
 * 2,000 strokes; the frames of a page that takes four moves in each against those of an empty one, in turn; and what one step
 * back keeps.
 */
export async function brush(): Promise<void> {
  await withMaskPage(async (page) => {
    await benchMoves(page);
    await benchStrokes(page);
    await benchFrames(page);
    await benchSteps(page);
    for (const [name, took] of Object.entries(await call<Record<string, number>>(page, 'deeds()'))) {
      progress(`brush: ${name} on 3840×2160 ${took.toFixed(1)} ms`);
    }
  });
}

function call<T>(page: Page, what: string): Promise<T> {
  return page.evaluate(`window.bench.${what}`);
}

async function benchMoves(page: Page): Promise<void> {
  const times = await call<Record<'overlay' | 'view' | 'ours', number[]>>(page, `moves(${ROUNDS})`);
  const [overlay, view, ours] = [median(times.overlay), median(times.view), median(times.ours)];
  progress(
    `brush: one move ${overlay.toFixed(2)} ms at the image's size, ${view.toFixed(2)} ms scaled into the view, ${ours.toFixed(3)} ms ours`,
  );
  const shared = { bench: 'brush', unit: 'ratio', best: 'most' } as const;
  report({
    ...shared,
    figure: 'one move on 3840×2160: naive full redraw ÷ ours',
    value: ratio(times.overlay, times.ours),
    bar: 50,
  });
  report({
    ...shared,
    figure: 'the same: mask without hatch or edge scaled into the view ÷ ours',
    value: view / ours,
    bar: null,
  });
}

async function benchStrokes(page: Page): Promise<void> {
  const times = await call<Record<'none' | 'many' | 'same', number[]>>(page, `afterStrokes(${STROKES}, ${ROUNDS})`);
  const [none, many, same] = [median(times.none), median(times.many), median(times.same)];
  progress(
    `brush: one move ${none.toFixed(3)} ms on an empty mask, ${many.toFixed(3)} after ${STROKES} strokes, ${same.toFixed(3)} on the same mask in one deed`,
  );
  report({
    bench: 'brush',
    figure: `one move after ${STROKES} strokes ÷ with none`,
    value: ratio(times.many, times.none),
    unit: 'ratio',
    bar: 1.2,
    best: 'least',
  });
}

async function benchFrames(page: Page): Promise<void> {
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const empty = percentile(await call<number[]>(page, `frames(${FRAMES}, false, ${round})`), 0.95);
    const drawing = percentile(await call<number[]>(page, `frames(${FRAMES}, true, ${round})`), 0.95);
    progress(`brush ${round}: frame p95 ${drawing.toFixed(2)} ms, empty page ${empty.toFixed(2)} ms`);
    ratios.push(drawing / empty);
  }
  report({
    bench: 'brush',
    figure: 'frame p95 at 4 moves a frame ÷ empty page',
    value: median(ratios),
    unit: 'ratio',
    bar: 1.05,
    best: 'least',
  });
}

async function benchSteps(page: Page): Promise<void> {
  const steps = await call<Record<string, number>>(page, 'steps()');
  for (const [name, bytes] of Object.entries(steps)) progress(`brush: one step back over ${name} keeps ${bytes} bytes`);
  const worst = Math.max(...Object.values(steps));
  const shared = { bench: 'brush', unit: 'ratio', bar: 0.05, best: 'least' } as const;
  report({
    ...shared,
    figure: 'an undo step’s memory, a long stroke ÷ a bitmap of one byte a pixel',
    value: (steps['stroke'] ?? NaN) / BITMAP,
  });
  report({ ...shared, figure: 'the same, the largest of all deeds ÷ a canvas’ bitmap', value: worst / (BITMAP * 4) });
}

/** The middle of the rounds' ratios. */
function ratio(values: readonly number[], others: readonly number[]): number {
  return median(values.map((value, round) => value / (others[round] ?? NaN)));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

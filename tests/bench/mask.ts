import { withMaskPage } from './mask-page.ts';
import { progress, report } from './report.ts';

const MEGABYTE = 1_000_000;

/** The file of a 3840×2160 mask of one-bit noise, made by the page's worker in a real browser, and what the canvas itself makes of it. */
export async function mask(): Promise<void> {
  await withMaskPage(async (page) => {
    const { ours, canvas, took } = await page.evaluate<{ ours: number; canvas: number; took: number }>(
      'window.bench.noise()',
    );
    progress(`mask: ${took.toFixed(0)} ms in the worker`);
    const shared = { bench: 'mask', unit: 'MB', best: 'least' } as const;
    report({ ...shared, figure: 'PNG of a 3840×2160 mask of one-bit noise', value: ours / MEGABYTE, bar: 4 });
    report({ ...shared, figure: 'the same by the canvas’ own encoder', value: canvas / MEGABYTE, bar: null });
  });
}

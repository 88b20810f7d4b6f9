import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExportResult } from '../../electron/contract/entities/exports.ts';
import { runExportThread } from '../../electron/library/export/export-thread.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { reportBlock, watchBlocks, type Block } from './blocks.ts';
import { madeLibrary } from './made-library.ts';
import { progress, report } from './report.ts';

const IMAGES = 10_000;
const MEGABYTE = 1_000_000;
/** Time between two looks at the memory, ms. */
const SAMPLE_EVERY = 50;

/** A ZIP of all images of a library, with thumbnails, records, page and table, read again: the process' memory and its longest block meanwhile. */
export async function exportZip(): Promise<void> {
  const library = await openLibrary(await madeLibrary(IMAGES, 'all'));
  const target = await mkdtemp(join(tmpdir(), 'emulsion-bench-export-'));
  try {
    const { result, growth, block, ms } = await measure(library, target);
    if (result.images !== IMAGES || result.failed > 0) throw new Error(`It came out as ${JSON.stringify(result)}.`);
    const { size } = await stat(result.path);
    progress(`${(size / 1000 / MEGABYTE).toFixed(2)} GB in ${(ms / 1000).toFixed(1)} s, written and read again`);
    const figure = `ZIP of ${IMAGES} images: memory growth`;
    report({ bench: 'export', figure, value: growth / MEGABYTE, unit: 'MB', bar: 100, best: 'least' });
    reportBlock('export', 'longest block of the main process', block);
  } finally {
    library.close();
    await rm(target, { recursive: true, force: true });
  }
}

/** @returns `growth` in bytes, the rest in ms */
async function measure(
  { db, folder, decoding }: Library,
  target: string,
): Promise<{ result: ExportResult; growth: number; block: Block; ms: number }> {
  const timelines = Float64Array.from(
    db.prepare<[], number>('SELECT timeline FROM images ORDER BY timeline').pluck().all(),
  );
  const options = { folder: target, as: 'zip', images: 'originals', names: '{date} {prompt}' } as const;
  const rss = (): number => process.memoryUsage.rss();
  // Once the thread has started: run from its source, it holds a compiler too, which the built application doesn't have.
  const memory = { before: 0, most: 0 };
  const control = {
    signal: new AbortController().signal,
    progress: () => void (memory.before ||= rss()),
    pausePoint: () => Promise.resolve(),
  };
  const sampling = setInterval(() => (memory.most = Math.max(memory.most, rss())), SAMPLE_EVERY);
  const stop = watchBlocks();
  const from = performance.now();
  const result = await runExportThread({ kind: 'export', folder, timelines, options } as const, control, decoding);
  const ms = performance.now() - from;
  const block = stop();
  clearInterval(sampling);
  return { result, growth: memory.most - memory.before, block, ms };
}

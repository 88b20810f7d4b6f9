import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import type { RunId } from '../../electron/contract/entities/ids.ts';
import { isOpen, type Run } from '../../electron/contract/entities/runs.ts';
import { sniffFormat } from '../../electron/library/files/format.ts';
import { Imports } from '../../electron/library/import/imports.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { pngChunk, withChunks } from '../../electron/library/pixels/colour/png-chunks.ts';
import { RENDER_THUMBNAILS } from '../../electron/library/pixels/operations.ts';
import { LibraryRuns } from '../../electron/library/runs/library-runs.ts';
import { reportBlock, watchBlocks, type Block } from './blocks.ts';
import { median, progress, report } from './report.ts';

const FILES = 1000;
const ROUNDS = 2;
const EDGE = 1024;
/** Both sides decode in the same processes, of which there are two. */
const AT_ONCE = 2;

/** An import of mixed files into an empty library, against a loop that decodes, hashes and copies the same files. */
export async function importFiles(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'emulsion-bench-import-'));
  try {
    const files = join(home, 'files');
    await mkdir(files);
    progress('making the files …');
    await makeFiles(files);
    const ratios: number[] = [];
    const blocks: Block[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const library = await openLibrary(join(home, `library-${round}`));
      try {
        const bare = await bareLoop(library, files, join(home, `copies-${round}`));
        const { scanned, imported, block } = await measure(library, files);
        ratios.push(imported / bare);
        blocks.push(block);
        progress(
          `bare loop ${Math.round(bare)} ms, scan ${Math.round(scanned)} ms, import ${Math.round(imported)} ms, block ${block.wall.toFixed(1)} ms`,
        );
      } finally {
        library.close();
      }
    }
    const figure = `${FILES} mixed files ÷ a bare loop of decode, hash and copy`;
    report({ bench: 'import', figure, value: median(ratios), unit: '×', bar: 1.3, best: 'least' });
    const middle: Block = { wall: median(blocks.map(({ wall }) => wall)), cpu: median(blocks.map(({ cpu }) => cpu)) };
    reportBlock('import', 'longest block of the main process', middle);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** PNG, JPEG and WebP of a million pixels, each file different. */
async function makeFiles(folder: string): Promise<void> {
  const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
  const pixels = sharp({ create: { width: EDGE, height: EDGE, channels: 3, background: '#888', noise } }).blur(4);
  const [png, jpeg, webp] = [
    await pixels.clone().png().toBuffer(),
    await pixels.clone().jpeg({ quality: 90 }).toBuffer(),
    await pixels.clone().webp({ quality: 80 }).toBuffer(),
  ];
  for (let index = 0; index < FILES; index += 1) {
    const text = `parameters\0a study of light, number ${index}\nSteps: 20, Model: dreamshaper`;
    const own = Buffer.from(`end ${index}`);
    const kinds = [
      ['png', Buffer.concat(withChunks(png, [pngChunk('tEXt', Buffer.from(text, 'latin1'))]))],
      // What follows an image's end isn't a part of it.
      ['jpg', Buffer.concat([jpeg, own])],
      ['webp', Buffer.concat([webp, own])],
    ] as const;
    const [extension, bytes] = kinds[index % kinds.length] ?? kinds[0];
    await writeFile(join(folder, `${index}.${extension}`), bytes);
  }
}

/** @returns ms */
async function bareLoop({ decoding }: Library, files: string, copies: string): Promise<number> {
  await mkdir(copies);
  const names = (await readdir(files)).values();
  const from = performance.now();
  const work = async (): Promise<void> => {
    for (const name of names) {
      const path = join(files, name);
      createHash('sha256')
        .update(await readFile(path))
        .digest();
      await copyFile(path, join(copies, name));
      await decoding.run(RENDER_THUMBNAILS, { path, format: await sniffFormat(path) });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return performance.now() - from;
}

/** Times in ms. */
async function measure(library: Library, files: string): Promise<{ scanned: number; imported: number; block: Block }> {
  let ended: (run: Run) => void = () => undefined;
  const failed = (thrown: unknown): never => {
    throw thrown;
  };
  const changed = (run: Run): void => {
    if (!isOpen(run)) ended(run);
  };
  const runs = new LibraryRuns({ changed, failed });
  const imports = new Imports(library, runs, { added: () => undefined, named: () => undefined, failed });
  const end = async (start: () => void): Promise<{ run: Run; ms: number }> => {
    const from = performance.now();
    const run = await new Promise<Run>((resolve) => {
      ended = resolve;
      start();
    });
    return { run, ms: performance.now() - from };
  };
  const [scanId, importId] = [uuid(), uuid()] as [RunId, RunId];
  const scan = await end(() => imports.scan(scanId, { kind: 'paths', paths: [files] }));
  const stop = watchBlocks();
  const done = await end(() => imports.start(importId, scanId));
  const block = stop();
  const all = JSON.stringify({ imported: FILES, known: 0, refused: [] });
  if (JSON.stringify(done.run.result) !== all) throw new Error(`It came out as ${JSON.stringify(done.run)}.`);
  await runs.close();
  await imports.close();
  return { scanned: scan.ms, imported: done.ms, block };
}

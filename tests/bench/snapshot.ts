import { rmSync, statSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { readNewestImages } from '../../electron/library/images/newest-images.ts';
import { openLibrary, type Library } from '../../electron/library/library.ts';
import { makeSnapshot } from '../../electron/library/snapshots/make-snapshot.ts';
import { snapshotPath } from '../../electron/library/snapshots/snapshot-files.ts';
import { reportBlock, watchBlocks, type Block } from './blocks.ts';
import { madeLibrary } from './made-library.ts';
import { progress } from './report.ts';

/** Its database has more than 1 GB. */
const IMAGES = 1_000_000;
/** Between two questions to the database, ms. */
const EVERY_MS = 20;
/** Shown at once. */
const LIMIT = 100;

/** How long the main process stands still while a database of more than 1 GB is copied and proven, with questions to it meanwhile. */
export async function snapshot(): Promise<void> {
  const library = await openLibrary(await madeLibrary(IMAGES));
  try {
    const { size } = statSync(library.db.name);
    if (size < 1e9) throw new Error(`The database has only ${size} bytes.`);
    // The first question prepares its statement, and reads pages that are in memory afterwards.
    ask(library);
    const idle = await longestBlock(library, () => wait(5000));
    const from = performance.now();
    let name = '';
    const block = await longestBlock(library, async () => {
      ({ name } = await makeSnapshot(library.folder, { reason: 'manual', now: Date.now() }));
    });
    // Only now: removing so large a file takes long.
    rmSync(snapshotPath(library.folder, name));
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    progress(
      `${(size / 1e9).toFixed(2)} GB copied and proven in ${seconds} s; longest block without it ${idle.wall.toFixed(1)} ms`,
    );
    const figure = `longest block of the main process while ${(size / 1e9).toFixed(1)} GB are copied`;
    reportBlock('snapshot', figure, block);
  } finally {
    library.close();
  }
}

/** The longest block while some work goes on, with questions to the database. */
async function longestBlock(library: Library, work: () => Promise<unknown>): Promise<Block> {
  const stop = watchBlocks();
  const asking = setInterval(() => ask(library), EVERY_MS);
  try {
    await work();
  } finally {
    clearInterval(asking);
  }
  return stop();
}

function ask({ db }: Library): void {
  readNewestImages(db, { limit: LIMIT });
}

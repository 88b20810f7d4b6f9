import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { expect, inject, it, onTestFinished } from 'vitest';
import { openLibrary } from '../../../electron/library/library.ts';
import { rebuildLibrary } from '../../../electron/library/rebuild/rebuild-library.ts';
import fc from '../../fast-check.ts';
import { sharedDecoding } from '../shared-decoding.ts';
import { furnished, rowsOf } from './furnished-library.ts';

const REBUILDER = join(import.meta.dirname, 'rebuild-until-killed.ts');
/** Repeat a failing run with EMULSION_SEED. */
const SEED = inject('seed') ?? Date.now() % 2 ** 31;
/** For more: `EMULSION_KILLS=50 npm run test:unit -- tests/library/rebuild/kill.test.ts`. */
const KILLS = Number(process.env['EMULSION_KILLS'] ?? 4);
const TIMEOUT_MS = 60_000 + KILLS * 10_000;

/** Rebuilds until the kill moment: that many ms after that many lines of output. */
async function rebuildAndDie(folder: string, { lines: enough, ms }: { lines: number; ms: number }): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', REBUILDER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = 0;
  const lines = createInterface(child.stdout).on('line', () => {
    said += 1;
    if (said === enough) void after(ms).then(() => child.kill('SIGKILL'));
  });
  await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  expect(child.signalCode).toBe('SIGKILL');
}

it(
  `a rebuild killed ${KILLS} times at random moments loses nothing (seed ${SEED})`,
  async () => {
    const { folder, rows } = await furnished();
    const moments = fc.record({ lines: fc.integer({ min: 1, max: 4 }), ms: fc.integer({ min: 0, max: 120 }) });
    for (const moment of fc.sample(moments, { numRuns: KILLS, seed: SEED })) {
      await rebuildAndDie(folder, moment);
      // Killed between the two renames: the database is missing, which a start says, and it is rebuilt.
      if (!existsSync(join(folder, 'library.db')))
        await rebuildLibrary(folder, { signal: new AbortController().signal, progress: () => undefined });
      const library = await openLibrary(folder, sharedDecoding);
      expect(rowsOf(library), JSON.stringify(moment)).toEqual(rows);
      expect(library.db.pragma('integrity_check', { simple: true })).toBe('ok');
      library.close();
    }
    expect(readdirSync(folder).filter((name) => name.startsWith('library-before')).length).toBeGreaterThan(0);
  },
  TIMEOUT_MS,
);

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { expect, inject, onTestFinished } from 'vitest';
import fc from '../fast-check.ts';

/** Repeat a failing run with EMULSION_SEED. */
export const SEED = inject('seed') ?? Date.now() % 2 ** 31;
/** For more: `EMULSION_KILLS=50 npm run test:unit -- tests/library/rebuild/kill.test.ts`, for example. */
export const KILLS = Number(process.env['EMULSION_KILLS'] ?? 4);
export const TIMEOUT_MS = 60_000 + KILLS * 10_000;

/** That many ms after that many lines of output. */
export interface Moment {
  lines: number;
  ms: number;
}

/** Random moments, the same for the same seed. */
export function randomMoments(most: Moment): Moment[] {
  const moment = fc.record({
    lines: fc.integer({ min: 1, max: most.lines }),
    ms: fc.integer({ min: 0, max: most.ms }),
  });
  return fc.sample(moment, { numRuns: KILLS, seed: SEED });
}

/** Runs a script that works on a folder again and again, with a line at each step, and kills it at the moment. */
export async function runUntilKilled(
  script: string,
  args: readonly string[],
  { lines: enough, ms }: Moment,
): Promise<void> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, ...args], {
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

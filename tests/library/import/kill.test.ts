import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { OutputFormat } from '../../../electron/contract/catalogue/parameters.ts';
import type { Sha256 } from '../../../electron/contract/entities/ids.ts';
import { originalPath } from '../../../electron/library/files/folders.ts';
import { openLibrary, type Library } from '../../../electron/library/library.ts';
import { listOutdatedSidecars } from '../../../electron/library/sidecars/outdated-sidecars.ts';
import { backfill } from '../../../electron/library/backfill.ts';
import fc from '../../fast-check.ts';
import { emptyFolder, sha256, smallPng } from '../test-library.ts';
import { folderWith } from './import-fixtures.ts';

const IMPORTER = join(import.meta.dirname, 'import-until-killed.ts');
const SEED = inject('seed') ?? Date.now() % 2 ** 31;
/** For more: `EMULSION_KILLS=50 npm run test:unit -- tests/library/import/kill.test.ts`. */
const KILLS = Number(process.env['EMULSION_KILLS'] ?? 2);
const IMAGES = 8;
const TIMEOUT_MS = 60_000 + KILLS * 10_000;

/** When the process is killed: that many ms after that many lines of output. */
interface Moment {
  lines: number;
  ms: number;
}

async function importing(folder: string, chosen: string, moment: Moment | null, ...fatal: string[]): Promise<string[]> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', IMPORTER, folder, chosen, ...fatal], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const said: string[] = [];
  const lines = createInterface(child.stdout).on('line', (line) => {
    said.push(line);
    if (said.length === moment?.lines) void after(moment.ms).then(() => child.kill('SIGKILL'));
  });
  await Promise.all([once(child, 'exit'), once(lines, 'close')]);
  return said;
}

/** Everything that was stored is whole, and nothing half-done is left. */
function checkAll({ db, folder }: Library, said: readonly string[]): void {
  const images = db
    .prepare<[], { sha256: Sha256; format: OutputFormat }>(
      'SELECT i.sha256, o.format FROM images i JOIN originals o ON o.sha256 = i.sha256',
    )
    .all();
  for (const { sha256: hash, format } of images)
    expect(sha256(readFileSync(originalPath(folder, hash, format)))).toBe(hash);
  const hashes = new Set<string>(images.map((image) => image.sha256));
  expect(hashes.size).toBe(images.length);
  for (const line of said) {
    const [step, hash = ''] = line.split(' ');
    if (step === 'committed') expect(hashes).toContain(hash);
  }
  const originals = readdirSync(join(folder, 'originals'), { recursive: true, withFileTypes: true });
  expect(originals.filter((entry) => entry.isFile())).toHaveLength(images.length);
  expect(readdirSync(join(folder, 'incoming'))).toEqual([]);
  expect(db.prepare('SELECT count(*) FROM landings').pluck().get()).toBe(0);
  expect(db.prepare('SELECT count(*) FROM imports').pluck().get()).toBe(images.length);
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(db.pragma('foreign_key_check')).toEqual([]);
}

async function check(folder: string, said: readonly string[]): Promise<void> {
  const library = await openLibrary(folder);
  try {
    checkAll(library, said);
  } finally {
    library.close();
  }
}

async function images(): Promise<string> {
  const files = await Promise.all(
    Array.from({ length: IMAGES }, async (_none, index) => [`${index}.png`, await smallPng()] as const),
  );
  return folderWith(Object.fromEntries(files));
}

/** The same folder once more: what is missing comes, nothing comes twice, and every image has its sidecar. */
async function checkRepeat(folder: string, chosen: string): Promise<void> {
  const said = await importing(folder, chosen, null);
  expect(said.at(-1)).toMatch(/^ended \{"imported":\d+,"known":0,"refused":\[\]\}$/u);
  const library = await openLibrary(folder);
  try {
    checkAll(library, said);
    expect(library.db.prepare('SELECT count(*) FROM images').pluck().get()).toBe(IMAGES);
    await backfill(library, {
      failed: (thrown) => {
        throw thrown;
      },
      onThumbnails: () => undefined,
      recomposited: () => undefined,
    });
    expect(listOutdatedSidecars(library.db)).toEqual([]);
  } finally {
    library.close();
  }
}

describe('an import that is killed', () => {
  it(`leaves nothing half-done, at ${KILLS} moments (seed ${SEED})`, { timeout: TIMEOUT_MS }, async () => {
    const moment = fc.record({ lines: fc.integer({ min: 1, max: 20 }), ms: fc.integer({ min: 0, max: 8 }) });
    for (const at of fc.sample(fc.noBias(moment), { seed: SEED, numRuns: KILLS })) {
      const folder = join(await emptyFolder(), 'library');
      const chosen = await images();
      await check(folder, await importing(folder, chosen, at));
      await checkRepeat(folder, chosen);
    }
  });

  it.each(['pending-save-recorded', 'renamed', 'committed'])(
    'right after %s: it can be repeated',
    { timeout: TIMEOUT_MS },
    async (step) => {
      const folder = join(await emptyFolder(), 'library');
      const chosen = await images();
      const said = await importing(folder, chosen, null, step, '4');
      expect(said.filter((line) => line.startsWith(`${step} `))).toHaveLength(4);
      expect(said.at(-1)).not.toMatch(/^ended/u);
      await check(folder, said);
      await checkRepeat(folder, chosen);
    },
  );
});

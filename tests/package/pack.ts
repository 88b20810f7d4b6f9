import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';
import { createPackage, extractAll } from '@electron/asar';

export const ROOT = resolve(import.meta.dirname, '../..');

/** Electron keeps its switches in the binary, behind this mark: version, count, then one digit each. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', 'latin1'),
  Buffer.from([1, 9]),
  Buffer.from('100010011', 'latin1'),
]);

/** As much of an Electron distribution as the packager looks at. The real one comes from GitHub, which tests may not need. */
async function makeDistribution(folder: string, temporary: string): Promise<void> {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  writeFileSync(join(folder, 'electron'), FUSES);
  chmodSync(join(folder, 'electron'), 0o755);
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version', 'locales/en-US.pak', 'locales/de.pak']) {
    writeFileSync(join(folder, name), '');
  }
  const app = join(temporary, 'default-app');
  mkdirSync(app);
  writeFileSync(join(app, 'package.json'), '{}');
  await createPackage(app, join(folder, 'resources/default_app.asar'));
}

export interface Packed {
  /** The folder that would be installed. */
  folder: string;
  /** app.asar and what was left beside it, brought together again. */
  extracted: string;
  /** Paths inside app.asar and beside it, sorted, folders left out. */
  files: string[];
  asarBytes: number;
  unpackedBytes: number;
}

/** Packs this tree for Linux with the committed configuration, without a download. `dist/` has to be there. */
export async function pack(temporary: string): Promise<Packed> {
  for (const built of ['dist/main/desktop.js', 'dist/preload/preload.cjs', 'dist/renderer/index.html']) {
    if (!existsSync(join(ROOT, built))) throw new Error(`${built} is missing: run "npm run build" first.`);
  }
  const distribution = join(temporary, 'electron');
  await makeDistribution(distribution, temporary);
  const output = join(temporary, 'release');
  const options = ['--linux', 'dir', `-c.electronDist=${distribution}`, `-c.directories.output=${output}`];
  await promisify(execFile)(
    process.execPath,
    ['node_modules/electron-builder/cli.js', '--projectDir', ROOT, ...options],
    {
      cwd: ROOT,
    },
  );
  const folder = join(output, 'linux-unpacked');
  const extracted = join(temporary, 'extracted');
  extractAll(join(folder, 'resources/app.asar'), extracted);
  cpSync(join(folder, 'resources/app.asar.unpacked'), extracted, { recursive: true });
  return {
    folder,
    extracted,
    files: listFiles(extracted),
    asarBytes: statSync(join(folder, 'resources/app.asar')).size,
    unpackedBytes: sizeOf(join(folder, 'resources/app.asar.unpacked')),
  };
}

/** Every file below `folder`, relative to it, sorted, with forward slashes. */
export function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

function sizeOf(folder: string): number {
  return listFiles(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);
}

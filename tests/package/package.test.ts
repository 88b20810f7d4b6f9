import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listFiles, pack, ROOT, type Packed } from './pack.ts';
import { PACKAGED_MODULES } from './packaged-modules.ts';

const MEGABYTE = 1024 * 1024;

// The made-up Electron is a Linux one; the workflows pack the real one on each system.
describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the package for Linux', () => {
  let temporary: string;
  let packed: Packed;

  beforeAll(async () => {
    temporary = mkdtempSync(join(tmpdir(), 'emulsion-package-'));
    packed = await pack(temporary);
  }, 120_000);
  afterAll(() => rmSync(temporary, { recursive: true, force: true }));

  test('contains the built app, the demo server’s images and the native packages, and nothing else', () => {
    const built = listFiles(join(ROOT, 'dist')).filter((file) => !file.endsWith('.map'));
    const plates = listFiles(join(ROOT, 'electron/demo-api/photos'));
    const expected = [
      ...built.map((file) => `dist/${file}`),
      ...plates.map((file) => `electron/demo-api/photos/${file}`),
      ...PACKAGED_MODULES,
      'package.json',
    ];
    expect(packed.files).toEqual(expected.toSorted());
  });

  test('contains the entry files of both hosts', () => {
    const workers = [
      'demo-worker',
      'check-worker',
      'checkpoint-worker',
      'index-worker',
      'duplicates-worker',
      'export-worker',
      'mirror-worker',
      'import-worker',
      'snapshot-worker',
      'restore-worker',
      'copy-worker',
      'files-worker',
    ];
    const hosts = ['desktop', 'desktop-decoder', 'loopback', 'decoder', 'demo-api'];
    const main = [...hosts, ...workers].map((name) => `dist/main/${name}.js`);
    const wanted = [...main, 'dist/preload/preload.cjs', 'dist/renderer/index.html'];
    expect(packed.files).toEqual(expect.arrayContaining(wanted));
  });

  test('loads both native modules, and sharp is its WebAssembly build', () => {
    const program = `
      import Database from 'better-sqlite3';
      import sharp from 'sharp';
      import { readFileSync } from 'node:fs';
      const row = new Database(':memory:').prepare('SELECT sqlite_version() AS version').get();
      const blank = { width: 8, height: 4, channels: 3, background: 'white' };
      const webp = await sharp({ create: blank }).webp().toBuffer();
      const { width, height } = await sharp(webp).metadata();
      const native = readFileSync('/proc/self/maps', 'utf8').includes('libvips');
      console.log(JSON.stringify({ sqlite: row.version, width, height, native }));`;
    const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      cwd: packed.extracted,
    });
    expect(JSON.parse(output.toString())).toEqual({
      sqlite: expect.stringMatching(/^3\./),
      width: 8,
      height: 4,
      native: false,
    });
  });

  test('stays below its size limit', () => {
    expect(packed.asarBytes).toBeLessThan(14 * MEGABYTE);
    expect(packed.unpackedBytes).toBeLessThan(14 * MEGABYTE);
  });

  test('sets Electron’s fuses', () => {
    const binary = readFileSync(join(packed.folder, 'emulsion'), 'latin1');
    // Run as Node, cookie encryption, NODE_OPTIONS, --inspect, asar integrity, only from the asar, …, file: privileges.
    expect(binary.slice(34)).toMatch(/^00001100/);
  });
});

// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { runQuietly } from './run.mjs';

/** What the programs are built from. */
const SOURCES = ['electron', 'renderer', 'build', 'package.json', 'package-lock.json'];
const CONFIGS = ['build/vite.renderer.ts', 'build/vite.main.ts', 'build/vite.preload.ts'];
/** What a build leaves at least. */
const RESULTS = ['dist/renderer/index.html', 'dist/renderer/browser-transport.js', 'dist/main/loopback.js'];
const STAMP = 'dist/built-from';
const LOCK = 'dist/building';
const LIMIT_MS = 300_000;

/**
 * Builds what is missing or older than its sources; says so before. Gives null, or why it could not.
 * @param {string} root
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>}
 */
export async function buildIfNeeded(root, say) {
  if (isBuilt(root)) return null;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (!existsSync(vite)) {
    // A copy that was built elsewhere and holds only what it needs to run.
    return hasResults(root) ? null : 'Packages aren’t installed. Run npm ci first.';
  }
  const unlock = await lock(root);
  try {
    if (isBuilt(root)) return null; // by the start that we waited for
    say(`Building Emulsion (${hasResults(root) ? 'its sources changed' : 'first start'}, about 5 seconds)`);
    return await build(root, vite);
  } finally {
    unlock();
  }
}

/**
 * @param {string} root
 * @param {string} vite
 */
async function build(root, vite) {
  const from = fingerprint(root);
  rmSync(join(root, STAMP), { force: true });
  const builds = CONFIGS.map((config) =>
    runQuietly(process.execPath, [vite, 'build', '-c', config, '--logLevel', 'warn'], {
      folder: root,
      limitMs: LIMIT_MS,
      environment: { ...process.env, NODE_ENV: 'production' },
    }),
  );
  const failed = (await Promise.all(builds)).filter(({ code }) => code !== 0);
  if (failed.length > 0) return `Emulsion couldn’t be built:\n${failed.map(({ output }) => output).join('\n')}`;
  writeFileSync(join(root, STAMP), from);
  return null;
}

/** @param {string} root */
function isBuilt(root) {
  return hasResults(root) && read(join(root, STAMP)) === fingerprint(root);
}

/** @param {string} root */
function hasResults(root) {
  return RESULTS.every((path) => existsSync(join(root, path)));
}

/**
 * Path, size and time of every source: other than the newest time alone it also notices what was removed or put back.
 * @param {string} root
 */
export function fingerprint(root) {
  const hash = createHash('sha256');
  /** @param {string} path */
  const add = (path) => {
    const stat = statSync(join(root, path), { throwIfNoEntry: false });
    if (!stat) return;
    if (stat.isDirectory()) for (const name of readdirSync(join(root, path)).sort()) add(`${path}/${name}`);
    else hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
  };
  for (const path of SOURCES) add(path);
  return hash.digest('hex');
}

/**
 * One build at a time: two starts at once would empty each other's folders. A lock whose process is gone counts for nothing.
 * @param {string} root
 */
async function lock(root) {
  const path = join(root, LOCK);
  mkdirSync(join(root, 'dist'), { recursive: true });
  for (const began = Date.now(); Date.now() - began < LIMIT_MS; await wait(100)) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      break;
    } catch (thrown) {
      if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'EEXIST')) throw thrown;
      if (!isAlive(Number(read(path)))) rmSync(path, { force: true });
    }
  }
  const unlock = () => rmSync(path, { force: true });
  process.once('exit', unlock);
  return () => {
    process.off('exit', unlock);
    unlock();
  };
}

/** @param {number} pid */
function isAlive(pid) {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'EPERM';
  }
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

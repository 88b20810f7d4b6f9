import { opendir, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { WatchedImport } from '../../contract/entities/settings.ts';
import type { Readable } from '../db/database.ts';
import type { Library } from '../files/library-handle.ts';
import type { Imports } from './imports.ts';
import { isSystemFile } from './scan/walk-choice.ts';

/** Time between two looks, ms. */
const EVERY_MS = 15_000;
/** A look at a large folder takes a while, and it rests for so many times as long afterwards: looking takes at most a twentieth of the time. */
const REST = 20;
/** Files that are imported together: one import has a limit. */
const PIECE = 10_000;
/** Links aren't followed, so there are no loops; deeper folders can't be named on every system. */
const MAX_DEPTH = 100;

/** Which folder is watched. Files that came or changed until `since`, ms since 1970, have been looked at. */
export interface WatchState {
  folder: string;
  since: number;
}

export interface WatchOptions {
  library: Pick<Library, 'db'>;
  imports: Pick<Imports, 'importPaths'>;
  /** What is watched now; null for nothing. */
  state(): WatchState | null;
  /** Keeps up to when files were looked at. */
  save(state: WatchState): Promise<void>;
  /** Something about the last look has changed: see {@link lastWatchedImport}. */
  changed(): void;
  failed(thrown: unknown): void;
}

interface Seen {
  path: string;
  /** When it came to its path or changed, ms since 1970. */
  changedAt: number;
  /** The same in two looks: nobody is writing it. */
  stamp: string;
}

const last = new WeakMap<Readable, WatchedImport>();

/** What the last look at the watched folder has brought; null before the first one that brought anything. */
export function lastWatchedImport({ db }: Pick<Library, 'db'>): WatchedImport | null {
  return last.get(db) ?? null;
}

/**
 * Imports images that come into a folder while the library is open, and those that came while it wasn't. Files stay where they are. The folder is
 * looked at now and then instead of followed: a system's notices don't reach network drives, and get lost.
 */
export class WatchedFolder {
  readonly #options: WatchOptions;
  /** Stamps of files that may still be written. */
  #unsettled = new Map<string, string>();
  /** How long the last look at all files took, ms. */
  #looked = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Looks until the signal is aborted. Doesn't reject. */
  async run(signal: AbortSignal): Promise<void> {
    const isOver = (): boolean => signal.aborted;
    while (!isOver()) {
      try {
        await this.look(signal);
      } catch (thrown) {
        if (!isOver()) this.#options.failed(thrown);
      }
      await delay(Math.max(EVERY_MS, REST * this.#looked), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Looks once: imports files that are as they were at the look before. @throws what keeps an import from ending */
  async look(signal: AbortSignal): Promise<void> {
    const state = this.#options.state();
    if (!state) return;
    const { folder } = state;
    // A clock that was put back must not hide new files.
    const since = Math.min(state.since, Date.now());
    let files: Seen[];
    const began = performance.now();
    try {
      files = await listFiles(folder, since, signal);
    } catch {
      signal.throwIfAborted();
      this.#say({ at: Date.now(), imported: 0, refused: 0, readable: false });
      return;
    }
    this.#looked = performance.now() - began;
    const settled = files.filter(({ path, stamp }) => this.#unsettled.get(path) === stamp);
    const waiting = files.filter(({ path, stamp }) => this.#unsettled.get(path) !== stamp);
    this.#unsettled = new Map(waiting.map(({ path, stamp }) => [path, stamp]));
    if (settled.length === 0) return;
    this.#say({ at: Date.now(), ...(await this.#import(settled, signal)), readable: true });
    const next = waiting.length > 0 ? earliest(waiting) - 1 : latest(settled);
    // Another folder may have been chosen meanwhile.
    if (this.#options.state()?.folder === folder) await this.#options.save({ folder, since: Math.max(since, next) });
  }

  async #import(files: readonly Seen[], signal: AbortSignal): Promise<{ imported: number; refused: number }> {
    const sum = { imported: 0, refused: 0 };
    for (let at = 0; at < files.length; at += PIECE) {
      const paths = files.slice(at, at + PIECE).map(({ path }) => path);
      const { imported, refused } = await this.#options.imports.importPaths(paths, signal);
      sum.imported += imported;
      sum.refused += refused;
    }
    return sum;
  }

  #say(found: WatchedImport): void {
    const { library, changed } = this.#options;
    const before = last.get(library.db);
    if (!found.readable && before?.readable === false) return;
    last.set(library.db, found);
    changed();
  }
}

const earliest = (files: readonly Seen[]): number =>
  files.reduce((first, { changedAt }) => Math.min(first, changedAt), Infinity);
const latest = (files: readonly Seen[]): number =>
  files.reduce((last, { changedAt }) => Math.max(last, changedAt), -Infinity);

/**
 * All files below a folder that came or changed after `since`, however many it holds: only these are kept in memory. Links aren't followed.
 * @throws the system's error for the folder itself, or the signal's reason
 */
async function listFiles(folder: string, since: number, signal: AbortSignal): Promise<Seen[]> {
  const found: Seen[] = [];
  const walk = async (path: string, depth: number): Promise<void> => {
    for await (const entry of await opendir(path)) {
      signal.throwIfAborted();
      const below = join(path, entry.name);
      if (isSystemFile(entry.name)) continue;
      if (entry.isDirectory() && depth < MAX_DEPTH) await walk(below, depth + 1).catch(() => undefined);
      if (!entry.isFile()) continue;
      const stats = await lstat(below).catch(() => null);
      if (!stats || stats.ctimeMs <= since) continue;
      found.push({ path: below, changedAt: stats.ctimeMs, stamp: `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` });
    }
  };
  await walk(folder, 0);
  signal.throwIfAborted();
  return found;
}

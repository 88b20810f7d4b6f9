import { createHash } from 'node:crypto';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readFileParts } from '../export/file-parts.ts';
import { MIRROR_RECORD } from './mirror-record.ts';

const MAX_DEPTH = 20;

/** Names in a form in which they can be compared: some file systems give them back decomposed. */
const plain = (path: string): string => path.normalize('NFC');

/** What is in a mirror folder: names only, until a file's bytes are asked for. */
export class MirrorFiles {
  readonly #folder: string;
  /** Paths in the folder, with `/`, as they are and as they are compared. */
  readonly #paths: ReadonlyMap<string, string>;

  private constructor(folder: string, paths: readonly string[]) {
    this.#folder = folder;
    this.#paths = new Map(paths.map((path) => [plain(path), path]));
  }

  /** @param below with what is in folders below, where a person may have sorted copies. Links aren't followed. @throws the system's error */
  static async list(folder: string, below: boolean): Promise<MirrorFiles> {
    return new MirrorFiles(folder, await listPaths(folder, '', below ? MAX_DEPTH : 0));
  }

  /** Paths in the folder, with `/`. */
  get names(): string[] {
    return [...this.#paths.keys()];
  }

  has(path: string): boolean {
    return this.#paths.has(plain(path));
  }

  /** Those that aren't among the named ones. */
  besides(named: Iterable<string>): UnknownFiles {
    const known = new Set([...named].map(plain));
    const paths = [...this.#paths].filter(([name]) => !known.has(name) && !isOwn(name)).map(([, path]) => path);
    return new UnknownFiles(this.#folder, paths);
  }
}

/** Files of which it isn't known whether they are copies. */
export class UnknownFiles {
  readonly #folder: string;
  readonly #paths: readonly string[];
  #bySize: Map<number, string[]> | null = null;
  readonly #hashes = new Map<string, string>();

  constructor(folder: string, paths: readonly string[]) {
    this.#folder = folder;
    this.#paths = paths;
  }

  get isEmpty(): boolean {
    return this.#paths.length === 0;
  }

  /** The path of a file with these bytes; null if there is none. No file is taken twice. */
  async take({ bytes, sha256 }: { bytes: number; sha256: string }): Promise<string | null> {
    this.#bySize ??= await this.#measure();
    const paths = this.#bySize.get(bytes) ?? [];
    for (const [at, path] of paths.entries()) {
      if ((await this.#hash(path)) !== sha256) continue;
      paths.splice(at, 1);
      return plain(path);
    }
    return null;
  }

  async #measure(): Promise<Map<number, string[]>> {
    const bySize = new Map<number, string[]>();
    for (const path of this.#paths) {
      const stats = await lstat(join(this.#folder, path)).catch(() => null);
      if (stats?.isFile()) bySize.set(stats.size, [...(bySize.get(stats.size) ?? []), path]);
    }
    return bySize;
  }

  /** '' for a file that can't be read: then it isn't known to be a copy. */
  async #hash(path: string): Promise<string> {
    const known = this.#hashes.get(path);
    if (known !== undefined) return known;
    const found = await hashParts(readFileParts(join(this.#folder, path))).then(
      ({ sha256 }) => sha256,
      () => '',
    );
    this.#hashes.set(path, found);
    return found;
  }
}

/** @throws what the parts throw */
export async function hashParts(parts: AsyncIterable<Buffer>): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const part of parts) {
    hash.update(part);
    bytes += part.length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The record, and files that weren't written whole. */
const isOwn = (name: string): boolean => name.startsWith(MIRROR_RECORD) || name.endsWith('.part');

async function listPaths(folder: string, below: string, depth: number): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below + entry.name;
    // A folder's name is taken too.
    if (depth === 0 || !entry.isDirectory()) found.push(path);
    else found.push(path, ...(await listPaths(folder, `${path}/`, depth - 1).catch(() => [])));
  }
  return found;
}

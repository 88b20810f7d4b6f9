import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { copyFile, writeText } from './copy-file.ts';
import type { Copied, CopyJournal } from './copy-journal.ts';

/** A record as the copied database says it. */
export interface RecordText {
  /** Of a request or an import; null for the library's own record. */
  id: SidecarId | null;
  /** @throws StudioError where its rows can't be read */
  render(): string;
}

/** Writes the files of a copy, each durably and after a line of the journal. */
export class CopyWriter {
  readonly #folder: string;
  readonly #target: string;
  readonly #journal: CopyJournal;
  readonly #written: (path: string, bytes: number) => void;
  readonly #folders = new Set<string>();

  /** @param written is told of bytes as they are written; throws to stop */
  constructor(
    { folder, target }: { folder: string; target: string },
    journal: CopyJournal,
    written: (path: string, bytes: number) => void,
  ) {
    this.#folder = folder;
    this.#target = target;
    this.#journal = journal;
    this.#written = written;
  }

  /** Copies a file. @returns what it was; null if it is gone. @throws like `copyFile` */
  copy(path: string): Copied | null {
    const to = this.#begin(path);
    const copied = copyFile(join(this.#folder, path), to, (bytes) => this.#written(path, bytes));
    if (copied) this.#journal.end(path, copied);
    return copied;
  }

  /**
   * Writes a record as the copy's database says it: the library's own file may have been written since, and would say more than the copy.
   * Where the rows can't be read, the copy is as damaged as the library, and has its file.
   * @returns what the library's file is, if it says the same; otherwise null
   * @throws the system's error
   */
  record(path: string, { render }: RecordText): Pick<Copied, 'bytes' | 'modified'> | null {
    const text = textOf(render);
    if (text === null) return this.copy(path);
    writeText(this.#begin(path), text);
    // Without a time: the next attempt writes it again, and may remove it.
    this.#journal.end(path, { bytes: Buffer.byteLength(text), modified: '', sha256: '' });
    this.#written(path, Buffer.byteLength(text));
    return stateIfSame(join(this.#folder, path), text);
  }

  /** The names of the files are on the disk too. */
  sync(): void {
    for (const folder of this.#folders) syncFolder(folder);
  }

  #begin(path: string): string {
    const to = join(this.#target, path);
    const folder = dirname(to);
    if (!this.#folders.has(folder)) makeFolder(folder, this.#target);
    this.#folders.add(folder);
    this.#journal.begin(path);
    return to;
  }
}

function textOf(render: () => string): string | null {
  try {
    return render();
  } catch (thrown) {
    if (thrown instanceof StudioError) return null;
    throw thrown;
  }
}

function stateIfSame(path: string, text: string): Pick<Copied, 'bytes' | 'modified'> | null {
  // Before it is read: one that is written meanwhile has another time then.
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (!stat || Number(stat.size) !== Buffer.byteLength(text) || readFileSync(path, 'utf8') !== text) return null;
  return { bytes: Number(stat.size), modified: String(stat.mtimeNs) };
}

/** Creates a folder and its parents below a root, which is never created: its disk may be unplugged. */
function makeFolder(path: string, root: string): void {
  if (existsSync(path)) return;
  if (path !== root) makeFolder(dirname(path), root);
  mkdirSync(path);
}

export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StudioError } from '../../contract/errors/errors.ts';
import type { Readable } from '../db/database.ts';
import type { SidecarId } from '../files/sidecar-marks.ts';
import { renderSidecar } from '../sidecars/render-sidecar.ts';
import { copyFile, writeText } from './copy-file.ts';
import type { Copied, CopyJournal } from './copy-journal.ts';

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
   * @throws the system's error
   */
  record(path: string, id: SidecarId, copy: Readable): void {
    const text = textOf({ db: copy, folder: this.#target }, id);
    if (text === null) {
      this.copy(path);
      return;
    }
    writeText(this.#begin(path), text);
    this.#written(path, Buffer.byteLength(text));
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

function textOf(copy: { db: Readable; folder: string }, id: SidecarId): string | null {
  try {
    return renderSidecar(copy, id).text;
  } catch (thrown) {
    if (thrown instanceof StudioError) return null;
    throw thrown;
  }
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

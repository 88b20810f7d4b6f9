import { closeSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import * as v from 'valibot';
import { errorCode } from '../../disk/error-code.ts';

/** In the folder of a copy until it is whole. */
export const JOURNAL = 'library.copying.jsonl';
/** The end of a file's name until its copy is proven. */
export const UNPROVEN = '.copying';
/** Read in one piece. */
const PIECE_BYTES = 65_536;
const HEAD = { kind: 'emulsion-copy-journal', version: 1 } as const;

/** What a file was when it was copied. */
export interface Copied {
  bytes: number;
  /** When it was changed last: ns since 1970, as text. */
  modified: string;
  sha256: string;
}

const HeadSchema = v.object({ kind: v.literal(HEAD.kind), version: v.literal(HEAD.version) });
const LineSchema = v.object({
  path: v.pipe(v.string(), v.check(isPlain)),
  /** Missing: its copy was begun. */
  copied: v.optional(v.object({ bytes: v.number(), modified: v.string(), sha256: v.string() })),
});

/**
 * What an interrupted copy has written: a line of JSON before each file, and one when its copy is proven. The next attempt knows by it which copies
 * are those of the files as they are now, and which files are in the copy only because they were in the library then. A line that is missing or
 * can't be read costs one more copy of its file.
 */
export class CopyJournal {
  readonly #target: string;
  readonly #earlier: Map<string, Copied | null> | null;
  readonly #written: Map<string, Copied | null>;
  #file: number | null = null;

  /** Goes on with what is in the folder; writes nothing yet. @throws the system's error */
  constructor(target: string) {
    this.#target = target;
    this.#earlier = readJournal(join(target, JOURNAL));
    this.#written = this.#earlier ?? new Map<string, Copied | null>();
  }

  /** What was copied by an earlier attempt or this one, if the file is still the same and its copy is there; otherwise null. */
  copyOf(folder: string, path: string): Copied | null {
    const copied = this.#written.get(path);
    const copy = statSync(join(this.#target, path), { throwIfNoEntry: false });
    const file = statSync(join(folder, path), { throwIfNoEntry: false, bigint: true });
    if (!copied || !copy?.isFile() || !file) return null;
    const isSame = String(file.mtimeNs) === copied.modified && Number(file.size) === copied.bytes;
    return isSame && copy.size === copied.bytes ? copied : null;
  }

  /** A file's copy begins. */
  begin(path: string): void {
    this.#add(path, null);
  }

  /** A file's copy is proven and has its name. */
  end(path: string, copied: Copied): void {
    this.#add(path, copied);
  }

  /** Removes copies of files that the library has no more, and what was cut off of others. Nothing that isn't in the journal is touched. */
  removeOthers(present: ReadonlySet<string>): void {
    for (const [path, copied] of this.#written) {
      const copy = join(this.#target, path);
      rmSync(copy + UNPROVEN, { force: true });
      if (present.has(path) || copied === null) continue;
      if (statSync(copy, { throwIfNoEntry: false })?.size === copied.bytes) rmSync(copy, { force: true });
    }
  }

  /** The copy is whole. */
  remove(): void {
    this.close();
    rmSync(join(this.#target, JOURNAL), { force: true });
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #add(path: string, copied: Copied | null): void {
    this.#file ??= this.#open();
    writeSync(this.#file, `${JSON.stringify({ path, ...(copied && { copied }) })}\n`);
    this.#written.set(path, copied);
  }

  #open(): number {
    const file = openSync(join(this.#target, JOURNAL), this.#earlier ? 'a' : 'w');
    // The last line of an earlier attempt may have been cut off.
    writeSync(file, this.#earlier ? '\n' : `${JSON.stringify(HEAD)}\n`);
    return file;
  }
}

/** Null where there is none, or one of another version: then nothing is known of the copies. */
function readJournal(path: string): Map<string, Copied | null> | null {
  let written: Map<string, Copied | null> | null = null;
  for (const line of linesOf(path)) {
    if (written === null) {
      if (!v.is(HeadSchema, parsed(line))) return null;
      written = new Map();
    }
    const read = v.safeParse(LineSchema, parsed(line));
    if (read.success) written.set(read.output.path, read.output.copied ?? null);
  }
  return written;
}

/** The lines of a file, none of them for one that isn't there. A library of a million files has more than a string can hold. */
function* linesOf(path: string): Generator<string> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return;
    throw thrown;
  }
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.allocUnsafe(PIECE_BYTES);
    let rest = '';
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, count))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
    yield rest;
  } finally {
    closeSync(file);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** A path below the copy's folder: it is removed by it. */
function isPlain(path: string): boolean {
  return path !== '' && !path.split(/[\\/]/u).some((part) => part === '' || part === '.' || part === '..');
}

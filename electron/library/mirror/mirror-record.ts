import { constants } from 'node:fs';
import { lstat, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { syncFolder, writeFileAtomic } from '../../disk/durable-file.ts';
import { errorCode } from '../../disk/error-code.ts';
import { isFolder } from '../files/inspect-folder.ts';
import { MirrorStopped } from './mirror-problem.ts';

/** The record's name in the mirror folder: a line of JSON for each image that was copied. */
export const MIRROR_RECORD = '.emulsion-mirror.jsonl';
const VERSION = 1;
const HEAD = `${JSON.stringify({ kind: 'emulsion-mirror', version: VERSION })}\n`;
const HeadSchema = v.looseObject({ kind: v.literal('emulsion-mirror'), version: v.number() });

const EntrySchema = v.object({
  version: v.literal(VERSION),
  /** The image's ID in its library. */
  image: v.string(),
  /** SHA-256 of the library's file that was copied. An image whose masked result came later has a second entry. */
  source: v.string(),
  /** The copy's path in the mirror folder, with `/`. Compared with names, never opened. */
  file: v.string(),
  bytes: v.number(),
  /** Of the copy. */
  sha256: v.string(),
});
export type MirrorEntry = Omit<v.InferOutput<typeof EntrySchema>, 'version'>;

const keyOf = ({ image, source }: Pick<MirrorEntry, 'image' | 'source'>): string => `${image} ${source}`;

/**
 * What was copied to a mirror folder. It is kept in that folder, so it comes and goes with the disk, and outlives the database of the library; and a
 * folder without it isn't the one that was chosen.
 */
export class MirrorRecord {
  readonly #path: string;
  readonly #entries = new Map<string, MirrorEntry>();
  /** The last line may have no end: the program was killed, or the disk full. */
  #torn: boolean;

  private constructor(folder: string, text: string) {
    this.#path = join(folder, MIRROR_RECORD);
    this.#torn = !text.endsWith('\n');
    for (const line of text.split('\n').slice(1)) {
      const entry = v.safeParse(EntrySchema, parse(line));
      if (entry.success) this.#entries.set(keyOf(entry.output), entry.output);
    }
  }

  /** Makes a folder a mirror folder. One that is it already stays so. @throws the system's error */
  static async begin(folder: string): Promise<void> {
    const path = join(folder, MIRROR_RECORD);
    if (await exists(path)) return;
    await writeFileAtomic(path, HEAD).catch(async (thrown: unknown) => {
      if (!NO_SYNC.has(errorCode(thrown)) || !(await exists(path))) throw thrown;
    });
  }

  /** @throws MirrorStopped `gone`, `no-record`, `newer`, `unwritable` */
  static async open(folder: string): Promise<MirrorRecord> {
    let text: string;
    try {
      text = await readFile(join(folder, MIRROR_RECORD), 'utf8');
    } catch (thrown) {
      if (!(await isFolder(folder))) throw new MirrorStopped('gone');
      throw new MirrorStopped(errorCode(thrown) === 'ENOENT' ? 'no-record' : 'unwritable');
    }
    const head = v.safeParse(HeadSchema, parse(text.slice(0, text.indexOf('\n'))));
    if (!head.success) throw new MirrorStopped('no-record');
    if (head.output.version !== VERSION) throw new MirrorStopped('newer');
    return new MirrorRecord(folder, text);
  }

  get entries(): MirrorEntry[] {
    return [...this.#entries.values()];
  }

  /** Number of entries. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether it is still in its folder. A disk that is unplugged may leave an empty folder in its place. */
  async isThere(): Promise<boolean> {
    return exists(this.#path).catch(() => false);
  }

  has(image: Pick<MirrorEntry, 'image' | 'source'>): boolean {
    return this.#entries.has(keyOf(image));
  }

  /** Until the record is read again, or the image is added. */
  forget(entry: MirrorEntry): void {
    this.#entries.delete(keyOf(entry));
  }

  /** Writes an entry, in place of an earlier one of the same image. @throws the system's error; `ENOENT` where the folder isn't the same any more */
  async add(entry: MirrorEntry): Promise<void> {
    const line = `${this.#torn ? '\n' : ''}${JSON.stringify({ version: VERSION, ...entry })}\n`;
    // Never created: its folder may be the empty place of a disk that was unplugged.
    const file = await open(this.#path, constants.O_WRONLY | constants.O_APPEND);
    this.#torn = true;
    try {
      await file.writeFile(line);
      this.#torn = false;
    } finally {
      await file.close();
    }
    this.#entries.set(keyOf(entry), entry);
  }
}

/** What file systems of other computers say where they can't write a folder's names through, which isn't an error of the folder. */
const NO_SYNC = new Set(['EINVAL', 'ENOTSUP', 'EPERM', 'EISDIR']);

/** Writes a folder's names through to the disk, where its file system can. @throws the system's error */
export async function syncNames(folder: string): Promise<void> {
  await syncFolder(folder).catch((thrown: unknown) => {
    if (!NO_SYNC.has(errorCode(thrown))) throw thrown;
  });
}

/** @throws the system's error */
async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (thrown: unknown) => {
      if (errorCode(thrown) === 'ENOENT') return false;
      throw thrown;
    },
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

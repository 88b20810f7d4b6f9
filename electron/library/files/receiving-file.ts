import fs, { type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { renameReplacing, syncFolder } from '../../disk/durable-file.ts';
import { storageFaultOf } from '../db/disk-errors.ts';
import type { ReceivedFile } from './originals.ts';
import { PART, receivedName, withKind, type ReceivedOwner } from './received-name.ts';
import type { RescueFolders } from './rescue-folders.ts';

const COPY_BYTES = 256 * 1024;

export interface ReceivingOptions {
  /** The library's incoming folder. */
  folder: string;
  /** Where the file goes on if that folder fails. */
  rescue: RescueFolders;
  /** The folder failed with this error; the file goes on elsewhere. */
  onRescue(thrown: unknown): void;
}

/**
 * A file that an image is written to while it arrives. If the library's disk fails, what was written is copied to a rescue folder, read
 * through the open file, so that it doesn't matter whether its folder still exists; then the writing goes on there.
 */
export class ReceivingFile {
  readonly #options: ReceivingOptions;
  #handle: FileHandle;
  /** Without {@link PART}. */
  #path: string;
  #rescued: boolean;
  #bytes = 0;

  private constructor(options: ReceivingOptions, opened: { handle: FileHandle; path: string }, rescued: boolean) {
    this.#options = options;
    this.#handle = opened.handle;
    this.#path = opened.path;
    this.#rescued = rescued;
  }

  /** @throws the system's error if no folder takes the file */
  static async open(owner: ReceivedOwner, options: ReceivingOptions): Promise<ReceivingFile> {
    const name = receivedName(owner);
    try {
      const path = join(options.folder, name);
      return new ReceivingFile(options, { path, handle: await openNew(path) }, false);
    } catch (thrown) {
      const opened = await rescue(thrown, name, options);
      return new ReceivingFile(options, opened, true);
    }
  }

  /** Appends bytes. @throws the system's error if no folder takes them */
  async write(bytes: Buffer): Promise<void> {
    try {
      await this.#append(bytes);
    } catch (thrown) {
      await this.#moveToRescue(thrown);
      await this.#append(bytes);
    }
  }

  /** The image is complete. Resolves with its path. @throws the system's error */
  async complete(kind: ReceivedOwner['kind']): Promise<string> {
    try {
      return await this.#finish(kind);
    } catch (thrown) {
      await this.#moveToRescue(thrown);
      return this.#finish(kind);
    }
  }

  /** The image will not be completed. Resolves with the path of what was received. */
  async keep(): Promise<string> {
    await this.#handle.close();
    return this.#path + PART;
  }

  async remove(): Promise<void> {
    await this.#handle.close();
    await fs.rm(this.#path + PART, { force: true });
  }

  /** At {@link #bytes}: what a failed write has written is written again. */
  async #append(bytes: Buffer): Promise<void> {
    await writeAll(this.#handle, bytes, this.#bytes);
    this.#bytes += bytes.length;
  }

  async #finish(kind: ReceivedOwner['kind']): Promise<string> {
    const target = withKind(this.#path, kind);
    // A file in the library is flushed before it is moved to the originals; here nothing does that later.
    if (this.#rescued) await this.#handle.sync();
    // Renamed while it is open: where its path is gone, its bytes can still be read.
    await renameReplacing(this.#path + PART, target);
    if (this.#rescued) await syncFolder(dirname(target));
    await this.#handle.close();
    return target;
  }

  async #moveToRescue(thrown: unknown): Promise<void> {
    if (this.#rescued) throw thrown;
    const before = { handle: this.#handle, path: this.#path };
    const name = before.path.slice(this.#options.folder.length + 1);
    const opened = await rescue(thrown, name, this.#options);
    try {
      await copy(before.handle, opened.handle, this.#bytes);
    } catch {
      // The beginning can't be read back: what was received stays where it is.
      await opened.handle.close().catch(() => undefined);
      await fs.rm(opened.path + PART, { force: true }).catch(() => undefined);
      throw thrown;
    }
    this.#handle = opened.handle;
    this.#path = opened.path;
    this.#rescued = true;
    await before.handle.close().catch(() => undefined);
    await fs.rm(before.path + PART, { force: true }).catch(() => undefined);
  }
}

/** Notes in the name of a received file that it is an image of the response: a later start then saves it. Returns the file. Never rejects. */
export async function markAsImage(file: ReceivedFile): Promise<ReceivedFile> {
  const path = join(dirname(file.path), withKind(basename(file.path), 'image'));
  if (path === file.path) return file;
  return renameReplacing(file.path, path).then(
    () => ({ ...file, path }),
    () => file,
  );
}

/** @throws the error itself if it isn't about the disk, or no rescue folder takes the file */
async function rescue(
  thrown: unknown,
  name: string,
  { rescue: folders, onRescue }: ReceivingOptions,
): Promise<{ handle: FileHandle; path: string }> {
  if (!storageFaultOf(thrown)) throw thrown;
  const folder = await folders.choose();
  if (folder === null) throw thrown;
  const path = join(folder, name);
  const handle = await openNew(path);
  onRescue(thrown);
  return { path, handle };
}

function openNew(path: string): Promise<FileHandle> {
  return fs.open(path + PART, 'wx+', 0o600);
}

async function copy(from: FileHandle, to: FileHandle, bytes: number): Promise<void> {
  const buffer = Buffer.allocUnsafe(COPY_BYTES);
  for (let at = 0; at < bytes;) {
    const { bytesRead } = await from.read(buffer, 0, Math.min(COPY_BYTES, bytes - at), at);
    if (bytesRead === 0) throw new Error('The file is shorter than what was written to it');
    await writeAll(to, buffer.subarray(0, bytesRead), at);
    at += bytesRead;
  }
}

/** A disk may take a part of a write. @throws the system's error */
async function writeAll(to: FileHandle, bytes: Buffer, at: number): Promise<void> {
  for (let from = 0; from < bytes.length;) {
    const { bytesWritten } = await to.write(bytes, from, bytes.length - from, at + from);
    if (bytesWritten === 0) throw Object.assign(new Error('Nothing was written'), { code: 'EIO' });
    from += bytesWritten;
  }
}

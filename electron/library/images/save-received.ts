import { existsSync } from 'node:fs';
import fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FILE_FORMATS } from '../../contract/catalogue/file-formats.ts';
import type { Image } from '../../contract/entities/images.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { syncFile, syncFolder } from '../../disk/durable-file.ts';
import { toUnsavedError } from '../db/disk-errors.ts';
import { INCOMING, originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { hasHash, type ReceivedFile } from '../files/originals.ts';
import { PART } from '../files/received-name.ts';
import { saveImage, type SaveImageInput } from './save-image.ts';

/**
 * Saves an image whose file is in the incoming folder, or in a rescue folder, from which it is brought home first. May be repeated until
 * it succeeds. @throws StudioError like `saveImage`
 */
export async function saveReceived(library: Library, input: SaveImageInput): Promise<Image> {
  if (isInIncoming(library, input.file)) return saveImage(library, input);
  const file = await bringHome(library, input.file).catch((thrown: unknown) => {
    throw toUnsavedError(thrown, { what: 'image', kept: true });
  });
  try {
    const image = await saveImage(library, { ...input, file });
    await fs.rm(input.file.path, { force: true }).catch(() => undefined);
    return image;
  } catch (thrown) {
    await fs.rm(file.path, { force: true }).catch(() => undefined);
    // Its bytes are still in the rescue folder, even if the copy failed.
    throw toUnsavedError(thrown instanceof StudioError ? (thrown.cause ?? thrown) : thrown, {
      what: 'image',
      kept: true,
    });
  }
}

/**
 * After an image could not be saved: makes its file durable where it is, or else copies it to a rescue folder. Returns the file to save
 * later. Never rejects: if nothing takes it, it stays as it is.
 */
export async function secureReceived(library: Library, file: ReceivedFile): Promise<ReceivedFile> {
  if (!isInIncoming(library, file)) return file;
  try {
    await syncFile(file.path);
    return file;
  } catch {
    const folder = await library.rescue.choose();
    if (folder === null) return file;
    const path = join(folder, basename(file.path));
    return copyDurably(file, path).catch(() => file);
  }
}

/** Where a received file is now: an attempt to save it may have moved it. */
export function locateReceived({ folder }: Library, file: ReceivedFile): string {
  if (existsSync(file.path)) return file.path;
  const originals = FILE_FORMATS.map((format) => originalPath(folder, file.sha256, format));
  return originals.find((path) => existsSync(path)) ?? file.path;
}

function isInIncoming({ folder }: Library, { path }: ReceivedFile): boolean {
  return dirname(path) === join(folder, INCOMING);
}

/** @throws the system's error; then the incoming folder is as before */
function bringHome({ folder }: Library, file: ReceivedFile): Promise<ReceivedFile> {
  return copyDurably(file, join(folder, INCOMING, basename(file.path)));
}

async function copyDurably(file: ReceivedFile, path: string): Promise<ReceivedFile> {
  try {
    await fs.copyFile(file.path, path + PART);
    await syncFile(path + PART);
    if (!(await hasHash(path + PART, file.sha256))) throw Object.assign(new Error('The copy differs'), { code: 'EIO' });
    await fs.rename(path + PART, path);
    await syncFolder(dirname(path));
  } catch (thrown) {
    await fs.rm(path + PART, { force: true }).catch(() => undefined);
    throw thrown;
  }
  return { ...file, path };
}

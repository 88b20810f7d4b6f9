import { randomUUID } from 'node:crypto';
import { rm, utimes } from 'node:fs/promises';
import { StudioError } from '../../contract/errors/errors.ts';
import { derivedPath } from '../files/derived-files.ts';
import type { Library } from '../files/library-handle.ts';
import { writeUpload, type InputUpload } from '../inputs/write-upload.ts';
import { isLikelyDate } from './prompts/likely-date.ts';
import type { Chosen } from './scan/walk-choice.ts';

/** A file that the page sends to be imported. */
export interface ImportUpload extends InputUpload {
  /** The files that are chosen together; made by the page. */
  uploadId: string;
  /** The file's own date; null if it isn't known. */
  modifiedAt: number | null;
}

/** Files that the page has sent to be imported, in the incoming folder until they are imported or discarded; a crash discards them. */
export class ImportUploads {
  readonly #library: Library;
  readonly #uploads = new Map<string, Chosen[]>();

  constructor(library: Library) {
    this.#library = library;
  }

  /** @throws StudioError `input-invalid` (empty, too large), `connection-lost`, `disk-full`, `disk-unwritable`; then nothing of it is kept */
  async add(upload: ImportUpload): Promise<void> {
    const { folder } = this.#library;
    const path = derivedPath(folder, `upload-${randomUUID()}`);
    try {
      await writeUpload(path, upload, folder);
      // 1970: unknown, instead of the time of the upload. A date that can't be true may be one that the disk can't keep, either.
      const at = isLikelyDate(upload.modifiedAt, Date.now()) ? upload.modifiedAt / 1000 : 0;
      await utimes(path, at, at);
    } catch (thrown) {
      await rm(path, { force: true });
      throw thrown;
    }
    const files = this.#uploads.get(upload.uploadId) ?? [];
    this.#uploads.set(upload.uploadId, files);
    files.push({ path, name: upload.name, uploaded: true });
  }

  /** @throws StudioError `not-found` */
  get(uploadId: string): readonly Chosen[] {
    const files = this.#uploads.get(uploadId);
    if (files) return files;
    throw new StudioError({ code: 'not-found', message: 'These files are no longer here. Choose them again.' });
  }

  async discard(uploadId: string): Promise<void> {
    const files = this.#uploads.get(uploadId) ?? [];
    this.#uploads.delete(uploadId);
    for (const { path } of files) await rm(path, { force: true });
  }

  async discardAll(): Promise<void> {
    for (const id of [...this.#uploads.keys()]) await this.discard(id);
  }
}

import { createHash } from 'node:crypto';
import { fileFormatFacts } from '../../contract/catalogue/file-formats.ts';
import type { ExportOptions } from '../../contract/entities/exports.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import { isSigned } from '../pixels/metadata/is-signed.ts';
import { planWithXmp } from '../pixels/metadata/insert-xmp.ts';
import { readPieces, type Piece } from '../pixels/metadata/pieces.ts';
import { readFileParts } from './file-parts.ts';
import { sourceOf, type Source } from './exported-image.ts';
import { imageXmp } from './image-xmp.ts';

/** The file that an export writes of an image. */
export class ImageFile {
  readonly record: ImageRecord;
  readonly source: Source;
  /** Why it is the original, byte for byte, although a copy was asked for. */
  readonly kept: 'signed' | 'unchanged' | null;
  readonly #pieces: readonly Piece[] | null;
  readonly #signal: AbortSignal;
  #isChecked = false;

  private constructor(record: ImageRecord, source: Source, plan: Plan, signal: AbortSignal) {
    this.record = record;
    this.source = source;
    this.kept = plan.kept;
    this.#pieces = plan.pieces;
    this.#signal = signal;
  }

  /** @param library its folder. @throws the system's error */
  static async plan(
    library: string,
    record: ImageRecord,
    images: ExportOptions['images'],
    signal: AbortSignal,
  ): Promise<ImageFile> {
    const source = sourceOf(library, record);
    return new ImageFile(record, source, await plan(source, record, images), signal);
  }

  /** The extension with its dot. */
  get ending(): string {
    return `.${fileFormatFacts(this.source.format).extension}`;
  }

  /** Reads the source. @throws DamagedError if its bytes aren't those that were received */
  async check(): Promise<void> {
    const reader = this.#checked();
    while ((await reader.next()).done !== true);
    this.#isChecked = true;
  }

  /** The new file's bytes; a part is valid until the next. @throws DamagedError, at the end at the latest */
  async *parts(): AsyncGenerator<Buffer> {
    if (!this.#pieces) {
      yield* this.#checked();
      return;
    }
    // Otherwise damage would be copied.
    if (!this.#isChecked) await this.check();
    for await (const part of readPieces(this.source.path, this.#pieces)) {
      this.#signal.throwIfAborted();
      yield part;
    }
  }

  async *#checked(): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    for await (const part of readFileParts(this.source.path)) {
      this.#signal.throwIfAborted();
      hash.update(part);
      yield part;
    }
    if (hash.digest('hex') !== this.source.sha256) throw new DamagedError();
  }
}

/** A file's bytes aren't those that were received. */
export class DamagedError extends Error {}

interface Plan {
  kept: ImageFile['kept'];
  pieces: Piece[] | null;
}

async function plan({ path, format }: Source, record: ImageRecord, images: ExportOptions['images']): Promise<Plan> {
  if (images === 'originals') return { kept: null, pieces: null };
  if (await isSigned(path, format)) return { kept: 'signed', pieces: null };
  const pieces = await planWithXmp(path, format, imageXmp(record));
  return { kept: pieces ? null : 'unchanged', pieces };
}

import { stat } from 'node:fs/promises';
import { fileFormatFacts } from '../../contract/catalogue/file-formats.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import { isSigned } from '../pixels/metadata/is-signed.ts';
import { planWithXmp } from '../pixels/metadata/insert-xmp.ts';
import { readPieces, type Piece } from '../pixels/metadata/pieces.ts';
import { checkedParts, checkSource } from './checked-parts.ts';
import type { ExportedFile } from './exported-file.ts';
import type { Source } from './exported-image.ts';
import { imageXmp } from './image-xmp.ts';

/** An image's original, or a copy of it with its details. */
export class ImageFile implements ExportedFile {
  readonly record: ImageRecord;
  readonly source: Source;
  readonly kept: 'signed' | 'unchanged' | null;
  readonly dropsXmp: boolean;
  readonly #pieces: readonly Piece[] | null;
  readonly #signal: AbortSignal;
  #isChecked = false;

  private constructor({ record, source }: Planned, plan: Plan, signal: AbortSignal) {
    this.record = record;
    this.source = source;
    this.kept = plan.kept;
    this.#pieces = plan.pieces;
    this.dropsXmp = plan.dropsXmp;
    this.#signal = signal;
  }

  /** @throws the system's error */
  static async plan(image: Planned, images: 'originals' | 'copies', signal: AbortSignal): Promise<ImageFile> {
    return new ImageFile(image, await plan(image, images), signal);
  }

  get ending(): string {
    return `.${fileFormatFacts(this.source.format).extension}`;
  }

  async size(): Promise<number> {
    return (await stat(this.source.path)).size;
  }

  async check(): Promise<void> {
    await checkSource(this.source, this.#signal);
    this.#isChecked = true;
  }

  async *parts(): AsyncGenerator<Buffer> {
    if (!this.#pieces) {
      yield* checkedParts(this.source, this.#signal);
      return;
    }
    // Otherwise damage would be copied.
    if (!this.#isChecked) await this.check();
    for await (const part of readPieces(this.source.path, this.#pieces)) {
      this.#signal.throwIfAborted();
      yield part;
    }
  }

  async dispose(): Promise<void> {
    // Nothing was made.
  }
}

interface Planned {
  record: ImageRecord;
  source: Source;
}

interface Plan {
  kept: ImageFile['kept'];
  pieces: Piece[] | null;
  dropsXmp: boolean;
}

async function plan({ record, source: { path, format } }: Planned, images: 'originals' | 'copies'): Promise<Plan> {
  if (images === 'originals') return { kept: null, pieces: null, dropsXmp: false };
  if (await isSigned(path, format)) return { kept: 'signed', pieces: null, dropsXmp: false };
  const planned = await planWithXmp(path, format, imageXmp(record));
  return planned ? { kept: null, ...planned } : { kept: 'unchanged', pieces: null, dropsXmp: false };
}

import { createHash } from 'node:crypto';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { Base64Decoder, SLICE_CHARACTERS } from './base64.ts';
import type { ImagePlace, ImageSink, OpenImageSink } from './image-sink.ts';
import { diskError, damagedAnswer, answerTooLarge } from '../errors/answer-errors.ts';

/** A complete, closed file, not yet fsynced. Size in bytes, SHA-256 of the file. */
export interface ReceivedImage {
  path: string;
  bytes: number;
  sha256: Sha256;
}

export interface ImageFileOptions {
  /** Largest size of the image. */
  maxBytes: number;
  /** Called with the path of an abandoned file that stays on disk. */
  onKept?: (path: string) => void;
}

/** Each image has two such buffers: one is written to disk while the other fills. */
const BUFFER_BYTES = 256 * 1024;
/** Largest output of one base64 slice, including the carried group. */
const SLICE_BYTES = (SLICE_CHARACTERS / 4) * 3 + 3;

/**
 * Writes one image to the caller's file. Bytes are hashed on the way and written in large pieces.
 * `writeBase64` returns a promise when the caller has to wait for the disk, else null.
 */
export class ImageFile {
  readonly #sink: ImageSink;
  #kind: ImagePlace['kind'];
  readonly #maxBytes: number;
  readonly #hash = createHash('sha256');
  readonly #decoder = new Base64Decoder();
  #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #spare = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #filled = 0;
  #bytes = 0;
  #written: Promise<void> = Promise.resolve();
  readonly #onKept: (path: string) => void;

  private constructor(sink: ImageSink, place: ImagePlace, { maxBytes, onKept }: ImageFileOptions) {
    this.#sink = sink;
    this.#kind = place.kind;
    this.#maxBytes = maxBytes;
    this.#onKept = onKept ?? (() => undefined);
  }

  /** Creates an empty file. @throws StudioError `disk-full`, `disk-unwritable` */
  static async create(open: OpenImageSink, place: ImagePlace, options: ImageFileOptions): Promise<ImageFile> {
    try {
      return new ImageFile(await open(place), place, options);
    } catch (error) {
      throw diskError(error);
    }
  }

  /** What the image is was learnt while it arrived. */
  setKind(kind: ImagePlace['kind']): void {
    this.#kind = kind;
  }

  /** Appends a copy of the bytes. @throws StudioError `answer-too-large`, `disk-full`, `disk-unwritable` */
  async write(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      const piece = bytes.subarray(from, from + (BUFFER_BYTES - this.#filled));
      this.#buffer.set(piece, this.#filled);
      from += piece.length;
      await this.#grow(piece.length, 1);
    }
  }

  /** Appends decoded base64. `text` may be reused once this returns or its promise settles. @throws StudioError also `answer-garbled` */
  writeBase64(text: Buffer): Promise<void> | null {
    if (text.length > SLICE_CHARACTERS) return this.#writeSlices(text);
    const wait = this.#grow(this.#decoder.decode(text, this.#buffer, this.#filled), SLICE_BYTES);
    if (this.#decoder.damaged) throw damagedAnswer('base64');
    return wait;
  }

  async #writeSlices(text: Buffer): Promise<void> {
    for (let from = 0; from < text.length; from += SLICE_CHARACTERS) {
      await this.writeBase64(text.subarray(from, from + SLICE_CHARACTERS));
    }
  }

  /** Counts new bytes of the buffer and flushes it when less than `room` bytes are left. */
  #grow(count: number, room: number): Promise<void> | null {
    this.#filled += count;
    this.#bytes += count;
    if (this.#bytes > this.#maxBytes) throw answerTooLarge('image');
    return BUFFER_BYTES - this.#filled < room ? this.#flush() : null;
  }

  /** Starts writing the buffer. Returns the promise of the previous write, after which the other buffer is free. */
  #flush(): Promise<void> {
    const full = this.#buffer.subarray(0, this.#filled);
    this.#hash.update(full);
    const before = this.#written;
    this.#written = before.then(() => writeAll(this.#sink, full));
    // The next call that awaits the write throws its error; this prevents an unhandled rejection until then.
    this.#written.catch(() => undefined);
    [this.#buffer, this.#spare] = [this.#spare, this.#buffer];
    this.#filled = 0;
    return before;
  }

  /** Finishes an image written as base64. @throws StudioError `answer-garbled` when the text ended too early, and what `finish` throws */
  finishBase64(): Promise<ReceivedImage> {
    const count = this.#decoder.finish(this.#buffer, this.#filled);
    if (count === null) throw damagedAnswer('base64-truncated');
    this.#filled += count;
    this.#bytes += count;
    return this.finish();
  }

  /** Writes the rest and closes the file. @throws StudioError `answer-garbled` for an empty image, `disk-full`, `disk-unwritable` */
  async finish(): Promise<ReceivedImage> {
    if (this.#bytes === 0) throw damagedAnswer('empty-image');
    let path: string;
    try {
      await this.#flush();
      await this.#written;
      path = await this.#sink.complete(this.#kind);
    } catch (error) {
      throw error instanceof StudioError ? error : diskError(error);
    }
    return { path, bytes: this.#bytes, sha256: this.#hash.digest('hex') as Sha256 };
  }

  /**
   * Abandons an unfinished image. With `keep`, and when any bytes arrived, the file stays on disk; otherwise it is removed.
   * Does not reject: it runs after another error, which is the one to report.
   */
  async abandon(keep: boolean): Promise<void> {
    const kept = keep && this.#bytes > 0;
    if (kept) this.#flush().catch(() => undefined);
    await this.#written.catch(() => undefined);
    if (!kept) await this.#sink.remove().catch(() => undefined);
    else await this.#sink.keep().then(this.#onKept, () => undefined);
  }
}

async function writeAll(sink: ImageSink, bytes: Buffer): Promise<void> {
  try {
    await sink.write(bytes);
  } catch (error) {
    throw diskError(error);
  }
}

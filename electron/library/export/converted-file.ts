import { rm, stat } from 'node:fs/promises';
import { fileFormatFacts } from '../../contract/catalogue/file-formats.ts';
import type { Conversion } from '../../contract/entities/exports.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { DecoderError } from '../decoding/operation.ts';
import { derivedPath } from '../files/derived-files.ts';
import type { Size } from '../pixels/change-messages.ts';
import { planWithXmp } from '../pixels/metadata/insert-xmp.ts';
import { readPieces, type Piece } from '../pixels/metadata/pieces.ts';
import { propertyPart, xmpPacket } from '../pixels/metadata/xmp-packet.ts';
import { CONVERT_IMAGE } from '../pixels/operations.ts';
import { checkSource } from './checked-parts.ts';
import type { ExportedFile, ExportedLibrary } from './exported-file.ts';
import type { Source } from './exported-image.ts';
import { readFileParts } from './file-parts.ts';
import { imageXmp } from './image-xmp.ts';

/** An image can't be decoded, or converting it would cost too much. */
export class UnconvertibleError extends Error {
  readonly problem: 'undecodable' | 'too-large';

  constructor(problem: 'undecodable' | 'too-large', options?: ErrorOptions) {
    super(problem, options);
    this.problem = problem;
  }
}

/** An image in another format or size: a file in the library's folder of incoming files until it is disposed of. */
export class ConvertedFile implements ExportedFile {
  readonly record: ImageRecord;
  readonly source: Source;
  readonly kept = null;
  readonly dropsXmp = false;
  readonly ending: string;
  readonly #path: string;
  readonly #pieces: readonly Piece[] | null;
  readonly #signal: AbortSignal;

  private constructor(made: Made, signal: AbortSignal) {
    const { record, source, conversion, size } = made;
    this.record = { ...record, ...size };
    this.source = source;
    this.ending = `.${fileFormatFacts(conversion.format).extension}`;
    this.#path = made.path;
    this.#pieces = made.pieces;
    this.#signal = signal;
  }

  /** @throws DamagedError, UnconvertibleError; StudioError for the library's disk; the signal's reason; the system's error */
  static async create(
    library: ExportedLibrary,
    image: { record: ImageRecord; source: Source },
    conversion: Conversion,
    signal: AbortSignal,
  ): Promise<ConvertedFile> {
    const { format, details } = conversion;
    await checkSource(image.source, signal);
    const path = derivedPath(library.folder, 'export');
    try {
      const update = details ? imageXmp(image.record) : null;
      const xmp = update && format === 'avif' ? xmpPacket(update.properties.map(propertyPart)) : null;
      const size = await convert(library, { source: image.source, to: path, conversion, xmp }, signal);
      const plan = update ? await planWithXmp(path, format, update) : null;
      const pieces = plan?.pieces ?? null;
      return new ConvertedFile({ ...image, conversion, path, size, pieces }, signal);
    } catch (thrown) {
      await rm(path, { force: true }).catch(() => undefined);
      throw thrown;
    }
  }

  async size(): Promise<number> {
    return (await stat(this.#path)).size;
  }

  async check(): Promise<void> {
    // The source was proven before it was converted.
  }

  async *parts(): AsyncGenerator<Buffer> {
    for await (const part of this.#pieces ? readPieces(this.#path, this.#pieces) : readFileParts(this.#path)) {
      this.#signal.throwIfAborted();
      yield part;
    }
  }

  async dispose(): Promise<void> {
    // What is left is removed at the next start.
    await rm(this.#path, { force: true }).catch(() => undefined);
  }
}

interface Made {
  record: ImageRecord;
  source: Source;
  conversion: Conversion;
  path: string;
  size: Size;
  /** Null: the file is as it was encoded. */
  pieces: readonly Piece[] | null;
}

async function convert(
  { folder, decoding }: ExportedLibrary,
  { source, to, conversion, xmp }: { source: Source; to: string; conversion: Conversion; xmp: string | null },
  signal: AbortSignal,
): Promise<Size> {
  const { path, format } = source;
  let result: Size | UnconvertibleError['problem'];
  try {
    result = await decoding.run(CONVERT_IMAGE, { path, format, to, conversion, xmp }, { signal });
  } catch (thrown) {
    if (thrown instanceof DecoderError && thrown.isFileAtFault)
      throw new UnconvertibleError(thrown.failure === 'crash' ? 'undecodable' : 'too-large', { cause: thrown });
    throw toDiskError(thrown, { folder, detail: 'Images exported until then are complete.' });
  }
  if (typeof result === 'string') throw new UnconvertibleError(result);
  return result;
}

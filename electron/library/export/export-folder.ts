import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileFormatFacts } from '../../contract/catalogue/file-formats.ts';
import type { ExportOptions, ExportProblem, ExportResult } from '../../contract/entities/exports.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import { namedImage, nameByPattern, UniqueNames } from '../../contract/rules/file-names.ts';
import { errorCode } from '../../disk/error-code.ts';
import type { Readable } from '../db/database.ts';
import { planWithXmp } from '../pixels/metadata/insert-xmp.ts';
import { isSigned } from '../pixels/metadata/is-signed.ts';
import { readPieces, type Piece } from '../pixels/metadata/pieces.ts';
import type { RunControl } from '../runs/run-control.ts';
import { readByTimeline, sourceOf, type Source } from './exported-image.ts';
import { imageXmp } from './image-xmp.ts';
import { atTarget, writeFile } from './write-file.ts';

const MAX_PROBLEMS = 100;

/** What became of a file: written with XMP, or byte for byte although a copy was asked for. */
type Written = { bytes: number; kept: 'signed' | 'unchanged' | null };

/**
 * Exports images to a folder, in their order, by their timeline keys. Files that are there already stay as they are. An image whose file is missing
 * or damaged is left out and named.
 * @throws StudioError `disk-full`, `disk-unwritable`; the signal's reason. What was exported until then is complete.
 */
export async function exportToFolder(
  library: { db: Readable; folder: string },
  timelines: Iterable<number> & { length: number },
  options: ExportOptions,
  control: RunControl,
): Promise<ExportResult> {
  const { folder } = options;
  const result: ExportResult = { path: folder, images: 0, bytes: 0, signed: 0, unchanged: 0, failed: 0, problems: [] };
  const names = new UniqueNames(await atTarget(folder, () => readdir(folder)));
  let counter = 0;
  for (const timeline of timelines) {
    await control.pausePoint();
    counter += 1;
    const record = readByTimeline(library.db, timeline);
    // Deleted meanwhile.
    if (!record) continue;
    const offset = new Date(record.createdAt).getTimezoneOffset();
    const name = nameByPattern(options.names, namedImage(record), { counter, offset });
    control.progress({ done: counter - 1, total: timelines.length, name });
    const written = await new ImageExport(library.folder, record, options, control.signal).write(name, names);
    if (typeof written === 'string') addProblem(result, name, written);
    else addWritten(result, written);
  }
  control.progress({ done: counter, total: timelines.length, name: null });
  return result;
}

function addWritten(result: ExportResult, { bytes, kept }: Written): void {
  result.images += 1;
  result.bytes += bytes;
  if (kept) result[kept] += 1;
}

function addProblem(result: ExportResult, name: string, problem: ExportProblem): void {
  result.failed += 1;
  if (result.problems.length < MAX_PROBLEMS) result.problems.push({ name, problem });
}

class ImageExport {
  readonly #record: ImageRecord;
  readonly #source: Source;
  readonly #options: ExportOptions;
  readonly #signal: AbortSignal;

  constructor(library: string, record: ImageRecord, options: ExportOptions, signal: AbortSignal) {
    this.#record = record;
    this.#source = sourceOf(library, record);
    this.#options = options;
    this.#signal = signal;
  }

  /** @returns what was written, or why nothing was */
  async write(name: string, names: UniqueNames): Promise<Written | ExportProblem> {
    const { format } = this.#source;
    try {
      const { kept, pieces } = await this.#plan();
      const ending = `.${fileFormatFacts(format).extension}`;
      for (;;) {
        const bytes = await writeFile(
          this.#options.folder,
          names.take(name, ending),
          this.#parts(pieces),
          this.#record.createdAt,
        );
        // Another program has just written a file of that name.
        if (bytes !== null) return { bytes, kept };
      }
    } catch (thrown) {
      if (thrown instanceof DamagedError) return 'damaged';
      if (errorCode(thrown) === 'ENOENT') return 'missing';
      throw thrown;
    }
  }

  async #plan(): Promise<{ kept: Written['kept']; pieces: Piece[] | null }> {
    const { path, format } = this.#source;
    if (this.#options.images === 'originals') return { kept: null, pieces: null };
    if (await isSigned(path, format)) return { kept: 'signed', pieces: null };
    const pieces = await planWithXmp(path, format, imageXmp(this.#record));
    return { kept: pieces ? null : 'unchanged', pieces };
  }

  /** The new file's bytes. A copy is made of a file that was read once before, so that damage isn't copied. */
  async *#parts(pieces: readonly Piece[] | null): AsyncGenerator<Buffer> {
    if (!pieces) {
      yield* this.#checked();
      return;
    }
    const reader = this.#checked();
    while ((await reader.next()).done !== true);
    for await (const part of readPieces(this.#source.path, pieces)) {
      this.#signal.throwIfAborted();
      yield part;
    }
  }

  /** @throws DamagedError at the end if the bytes aren't those that were received */
  async *#checked(): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    for await (const part of createReadStream(this.#source.path) as AsyncIterable<Buffer>) {
      this.#signal.throwIfAborted();
      hash.update(part);
      yield part;
    }
    if (hash.digest('hex') !== this.#source.sha256) throw new DamagedError();
  }
}

class DamagedError extends Error {}

import { stat } from 'node:fs/promises';
import { errorCode } from '../../disk/error-code.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { UniqueNames } from '../../contract/rules/file-names.ts';
import type { GenerationId, ImportId } from '../../contract/entities/ids.ts';
import type { Readable } from '../db/database.ts';
import { thumbnailPath, THUMBNAIL_EDGE } from '../files/folders.ts';
import { renderSidecar } from '../sidecars/render-sidecar.ts';
import type { ExportTarget } from './export-images.ts';
import { readFileParts } from './file-parts.ts';
import { DamagedError } from './checked-parts.ts';
import type { ExportedFile } from './exported-file.ts';
import { CSV_HEAD, csvLine } from './page/images-csv.ts';
import { indexPage, PAGE_FRAME_BYTES, pageLine } from './page/index-page.ts';
import { Spool } from './spool.ts';
import { atZip } from './write-file.ts';
import type { ZipWriter } from './zip/zip-writer.ts';

interface ZipTargetOptions {
  zip: ZipWriter;
  path: string;
  folder: string;
  /** The ZIP's temporary path, beside which the lists are kept until they are written into it. */
  temporary: string;
  library: { db: Readable; folder: string };
}

/** What tells an import that it is an export of Emulsion, whose images are in the folder `images`. */
const MARK = '{ "kind": "emulsion-export", "version": 1 }\n';

/** A ZIP that images are exported to. */
export class ZipTarget implements ExportTarget {
  readonly path: string;
  readonly #options: ZipTargetOptions;
  readonly #names = new UniqueNames();
  readonly #recorded = new Set<string>();
  readonly #table: Spool;
  readonly #lines: Spool;

  private constructor(options: ZipTargetOptions, table: Spool, lines: Spool) {
    this.path = options.path;
    this.#options = options;
    this.#table = table;
    this.#lines = lines;
  }

  /** @throws StudioError `disk-full`, `disk-unwritable` */
  static async create(options: ZipTargetOptions): Promise<ZipTarget> {
    const { folder, temporary } = options;
    const spool = (what: string): Promise<Spool> => atZip(folder, () => Spool.create(`${temporary}.${what}.part`));
    const table = await spool('table');
    try {
      return new ZipTarget(options, table, await spool('list'));
    } catch (thrown) {
      await table.remove();
      throw thrown;
    }
  }

  async add(file: ExportedFile, name: string): Promise<number> {
    const { zip, folder, library } = this.#options;
    const { record, source } = file;
    // Its bytes can't be taken back out of the ZIP.
    await file.check();
    const size = await file.size();
    const path = `images/${this.#names.take(name, file.ending)}`;
    const written = await zip.add(path, unexpected(file.parts()), { at: record.createdAt, size, deflate: false });
    const thumbnail = await this.#addThumbnail(thumbnailPath(library.folder, source.sha256, THUMBNAIL_EDGE), path);
    const listed = {
      record,
      file: path,
      thumbnail,
      sidecar: await this.#addSidecar(file),
      bytes: written.bytes,
      sha256: Buffer.from(written.sha256, 'base64').toString('hex'),
    };
    await atZip(folder, async () => {
      await this.#table.append(csvLine(listed));
      await this.#lines.append(pageLine(listed));
    });
    return written.bytes;
  }

  /** Writes what lists all images, and the directory. */
  async finish(): Promise<void> {
    const { zip } = this.#options;
    const at = Date.now();
    await zip.add('emulsion.json', once(Buffer.from(MARK)), { at, size: MARK.length, deflate: false });
    await zip.add('images.csv', withHead(this.#table.read()), {
      at,
      size: this.#table.size + CSV_HEAD.length,
      deflate: true,
    });
    await zip.add('index.html', indexPage(this.#lines.read()), {
      at,
      size: this.#lines.size + PAGE_FRAME_BYTES,
      deflate: true,
    });
    await zip.finish();
  }

  async close(): Promise<void> {
    await this.#table.remove();
    await this.#lines.remove();
  }

  /** @returns its name; null if there is none */
  async #addThumbnail(path: string, image: string): Promise<string | null> {
    const found = await stat(path).catch((thrown: unknown) => {
      if (errorCode(thrown) === '') throw thrown;
      return null;
    });
    if (!found) return null;
    const name = `${image.replace(/^images/u, 'thumbnails')}.webp`;
    await this.#options.zip.add(name, unexpected(readFileParts(path)), {
      at: found.mtimeMs,
      size: found.size,
      deflate: false,
    });
    return name;
  }

  /** Once for all images of a request. @returns its name; null if its rows are damaged */
  async #addSidecar({ record }: ExportedFile): Promise<string | null> {
    const { zip, library } = this.#options;
    const id: GenerationId | ImportId | undefined = record.generation?.id ?? record.imported?.id;
    if (id === undefined) return null;
    const name = `records/${id}.json`;
    if (this.#recorded.has(name)) return name;
    const data = Buffer.from(textOf(library, id), 'utf8');
    if (data.length === 0) return null;
    await zip.add(name, once(data), { at: record.createdAt, size: data.length, deflate: true });
    this.#recorded.add(name);
    return name;
  }
}

/** A record's text; '' if its rows are damaged, or were deleted meanwhile. */
function textOf(library: ZipTargetOptions['library'], id: GenerationId | ImportId): string {
  try {
    return renderSidecar(library, id).text;
  } catch (thrown) {
    if (thrown instanceof StudioError && ['library-damaged', 'not-found'].includes(thrown.report.code)) return '';
    throw thrown;
  }
}

/** A file that was whole a moment ago. What was written of it can't be taken back, so an error isn't that it is missing or damaged. */
async function* unexpected(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* parts;
  } catch (thrown) {
    const isOfFile = thrown instanceof DamagedError || errorCode(thrown) !== '';
    throw isOfFile ? new Error(`A file has changed: ${String(thrown)}`, { cause: thrown }) : thrown;
  }
}

async function* once(data: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(data);
}

async function* withHead(lines: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield Buffer.from(CSV_HEAD, 'utf8');
  yield* lines;
}

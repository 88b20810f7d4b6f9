import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ImportId, RunId } from '../../contract/entities/ids.ts';
import type { ImportResult } from '../../contract/entities/imports.ts';
import { softwareLabel } from '../../contract/rules/prompt-sources.ts';
import { Checkpoints } from '../db/checkpoints.ts';
import { syncCommits } from '../db/unsynced.ts';
import { DecoderError } from '../decoding/operation.ts';
import { derivedPath } from '../files/derived-files.ts';
import type { Library } from '../files/library-handle.ts';
import type { Size } from '../pixels/change-messages.ts';
import type { ThumbnailSet } from '../pixels/decode.ts';
import { RENDER_THUMBNAILS } from '../pixels/operations.ts';
import type { RunControl } from '../runs/run-control.ts';
import { writeSidecars } from '../sidecars/outdated-sidecars.ts';
import { CollectionPlacer } from './collection-placer.ts';
import type { RefusedFiles } from './import-plan.ts';
import type { ImportThread } from './import-thread.ts';
import type { Candidate } from './scan/candidate.ts';
import { importDate } from './scan/import-date.ts';
import { ImportRefusal } from './scan/inspect-image.ts';
import type { StagedImage } from './scan/stage-image.ts';
import { storeImport } from './store-import.ts';

/** Images that are worked on at the same time: two are decoded while others are copied or wait for the disk. */
const AT_ONCE = 6;
/** Sidecars that are written together. */
const SIDECARS = 50;

export interface ImportWork {
  library: Library;
  thread: ImportThread;
  id: RunId;
  candidates: readonly Candidate[];
  /** Is given what can't be imported. */
  refused: RefusedFiles;
  /** Whether an image whose bytes aren't those of its candidate's hash is refused. */
  exact?: boolean;
  /** Images were added. */
  added(): void;
  /** Tags or collections may have been created. */
  named?(): void;
  /** Something beside the images failed: the next start repeats it. */
  failed(thrown: unknown): void;
}

/** Imports images, one by one, each durably. @throws StudioError, or the signal's reason; what was imported until then stays */
export async function runImport(work: ImportWork, control: RunControl): Promise<ImportResult> {
  const run = new ImportRun(work, control);
  const { library, failed } = work;
  const checkpoints = new Checkpoints(library.db, failed);
  checkpoints.hold();
  try {
    const next = work.candidates.values();
    const workers = Array.from({ length: AT_ONCE }, () => run.work(next, checkpoints));
    const ends = await Promise.allSettled(workers);
    const failure = ends.find((end) => end.status === 'rejected');
    if (failure) throw failure.reason;
    return run.result;
  } finally {
    await syncCommits(library.db);
    work.added();
    await run.finish();
    await checkpoints.release();
    await checkpoints.close();
  }
}

class ImportRun {
  readonly #work: ImportWork;
  readonly #control: RunControl;
  #imported = 0;
  #known = 0;
  #done = 0;
  #isFailed = false;
  /** Whether images came with tags or collections. */
  #isNamed = false;
  readonly #collections = new CollectionPlacer();
  /** Imports whose sidecars aren't written yet. */
  #unrecorded: ImportId[] = [];
  #recording: Promise<void> = Promise.resolve();

  constructor(work: ImportWork, control: RunControl) {
    this.#work = work;
    this.#control = control;
  }

  get result(): ImportResult {
    return { imported: this.#imported, known: this.#known, refused: this.#work.refused.counts };
  }

  /** Takes candidates until there are none, or one couldn't be stored. */
  async work(next: Iterator<Candidate>, checkpoints: Checkpoints): Promise<void> {
    for (let item = next.next(); !item.done && !this.#isFailed; item = next.next()) {
      try {
        await this.#control.pausePoint();
        await this.#import(item.value);
        await checkpoints.keepUp();
      } catch (thrown) {
        this.#isFailed = true;
        // What fails because the studio closes is a part of that.
        this.#control.signal.throwIfAborted();
        throw thrown;
      }
    }
  }

  /** Resolves when the sidecars are written that can be. */
  async finish(): Promise<void> {
    this.#record(1);
    await this.#recording;
    if (this.#isNamed) this.#work.named?.();
  }

  async #import(candidate: Candidate): Promise<void> {
    const { library, thread, refused, exact = false } = this.#work;
    const path = derivedPath(library.folder, 'import');
    try {
      const staged = await thread.stage(candidate, path);
      if (exact && staged.sha256 !== candidate.sha256) throw new ImportRefusal('damaged', staged.format);
      await this.#store(candidate, staged, path);
    } catch (thrown) {
      if (!(thrown instanceof ImportRefusal)) throw thrown;
      refused.add({ name: candidate.name, problem: thrown.problem, format: thrown.format });
    } finally {
      await rm(path, { force: true });
    }
    this.#done += 1;
    const total = this.#work.candidates.length;
    this.#control.progress({ done: this.#done, total, name: basename(candidate.name) });
  }

  async #store(candidate: Candidate, staged: StagedImage, path: string): Promise<void> {
    const { library, id } = this.#work;
    const { size, thumbnails } = await decode(library, staged, path);
    const importedAt = Date.now();
    const found = staged.found ?? candidate.beside;
    const stored = await storeImport(library, {
      run: id,
      file: { path, bytes: staged.bytes, sha256: staged.sha256 },
      staged,
      found,
      thumbnails,
      size,
      collections: this.#collections,
      fileName: staged.recorded?.fileName ?? basename(candidate.name),
      ...importDate(
        // The bytes that are imported may be others than those that were scanned.
        { ...candidate.dates, made: staged.recorded?.made ?? null, takenAt: staged.takenAt },
        importedAt,
      ),
      importedAt,
      software: candidate.beside ? softwareLabel(candidate.beside.source) : staged.software,
      texts: staged.recorded?.texts ?? [],
    });
    if (stored === null) {
      this.#known += 1;
      return;
    }
    this.#imported += 1;
    const { tags, collections } = staged.marks ?? { tags: [], collections: [] };
    this.#isNamed ||= tags.length + collections.length > 0;
    this.#unrecorded.push(stored);
    this.#record(SIDECARS);
  }

  /** Writes sidecars if so many are due, one after the other. */
  #record(least: number): void {
    if (this.#unrecorded.length < least) return;
    const due = this.#unrecorded;
    this.#unrecorded = [];
    const { library, failed, added } = this.#work;
    this.#recording = this.#recording.then(() => writeSidecars(library, due, failed));
    added();
  }
}

/** Decodes a copy completely, the only proof that it is an image. @throws ImportRefusal, or what isn't the image's fault */
async function decode(
  { decoding }: Library,
  { format }: StagedImage,
  path: string,
): Promise<{ size: Size | null; thumbnails: ThumbnailSet | null }> {
  try {
    const decoded = await decoding.run(RENDER_THUMBNAILS, { path, format });
    if (!('flaw' in decoded)) return decoded;
    const problems = { truncated: 'truncated', undecodable: 'damaged', 'too-large': 'too-many-pixels' } as const;
    throw new ImportRefusal(problems[decoded.flaw], format);
  } catch (thrown) {
    if (thrown instanceof DecoderError && thrown.isFileAtFault)
      throw new ImportRefusal('damaged', format, { cause: thrown });
    throw thrown;
  }
}

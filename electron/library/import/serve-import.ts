import { rm } from 'node:fs/promises';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { Close } from '../db/threads.ts';
import { prepare, type Readable } from '../db/database.ts';
import { toSentError } from '../decoding/messages.ts';
import { derivedPath } from '../files/derived-files.ts';
import type { FromWorker, Judged, Known, ToWorker } from './messages.ts';
import { readRecordText } from './records/record-place.ts';
import type { Finding } from './scan/candidate.ts';
import { ImportRefusal, toRefusal } from './scan/inspect-image.ts';
import { readTexts } from '../pixels/metadata/read-texts.ts';
import { scanChoice } from './scan/scan-choice.ts';
import { stageImage } from './scan/stage-image.ts';
import { shownTexts } from './shown-texts.ts';
import { ZipReader } from './zip/read-zip.ts';

/** Findings are sent together, after this time in ms or when there are so many. */
const SEND_EVERY = 100;
const SEND_MOST = 500;

type Request = Exclude<ToWorker, Close>;

/** Does what the import's thread is asked for. */
export class ImportServer {
  readonly #folder: string;
  readonly #db: Readable;
  readonly #send: (message: FromWorker) => void;
  readonly #scans = new Map<number, AbortController>();
  readonly #running = new Set<Promise<void>>();
  /** The ZIP that images were taken from last: they come one after the other. */
  #zip: { path: string; opened: Promise<ZipReader | null> } | null = null;

  constructor(options: { folder: string; db: Readable; send(message: FromWorker): void }) {
    this.#folder = options.folder;
    this.#db = options.db;
    this.#send = options.send;
  }

  receive(request: Request): void {
    if (request.kind === 'stop') {
      this.#scans.get(request.id)?.abort(new Error('stopped'));
      return;
    }
    const work = this.#begin(request);
    const running = work.catch((thrown: unknown) => this.#fail(request.id, thrown));
    this.#running.add(running);
    void running.finally(() => this.#running.delete(running));
  }

  #begin(request: Exclude<Request, { kind: 'stop' }>): Promise<void> {
    if (request.kind === 'scan') return this.#scan(request);
    return request.kind === 'stage' ? this.#stage(request) : this.#read(request);
  }

  async close(): Promise<void> {
    for (const scan of this.#scans.values()) scan.abort(new Error('closed'));
    await Promise.allSettled(this.#running);
    await this.#closeZip();
  }

  async #scan({ id, chosen }: Extract<Request, { kind: 'scan' }>): Promise<void> {
    const controller = new AbortController();
    this.#scans.set(id, controller);
    const seen = new Set<Sha256>();
    let found: Judged[] = [];
    let sentAt = performance.now();
    const send = (): void => {
      if (found.length > 0) this.#send({ kind: 'found', id, found });
      found = [];
      sentAt = performance.now();
    };
    const options = {
      library: this.#folder,
      temporaryPath: () => derivedPath(this.#folder, 'scan'),
      signal: controller.signal,
    };
    try {
      for await (const finding of scanChoice(chosen, options)) {
        found.push({ ...finding, known: this.#judge(finding, seen) });
        if (found.length >= SEND_MOST || performance.now() - sentAt > SEND_EVERY) send();
      }
      send();
      this.#send({ kind: 'scanned', id });
    } finally {
      this.#scans.delete(id);
    }
  }

  #judge(finding: Finding, seen: Set<Sha256>): Known {
    if (finding.kind !== 'image') return 'new';
    const { sha256 } = finding.candidate;
    if (seen.has(sha256)) return 'repeated';
    seen.add(sha256);
    return isKnown(this.#db, sha256) ? 'known' : 'new';
  }

  async #stage({ id, origin, record: place, to }: Extract<Request, { kind: 'stage' }>): Promise<void> {
    try {
      const zip = origin.zip ? await this.#openZip(origin.path) : null;
      if (origin.zip && !zip) throw new ImportRefusal('zip-damaged');
      const record = place && (await readRecordText(place, place.zip ? await this.#openZip(place.path) : null));
      this.#send({ kind: 'staged', id, staged: await stageImage({ origin, zip, record }, to) });
    } catch (thrown) {
      await rm(to, { force: true });
      const { problem, format } = toRefusal(thrown);
      this.#send({ kind: 'refused', id, problem, format });
    }
  }

  async #read({ id, path, format }: Extract<Request, { kind: 'texts' }>): Promise<void> {
    this.#send({ kind: 'texts', id, texts: shownTexts(await readTexts(path, format)) });
  }

  async #openZip(path: string): Promise<ZipReader | null> {
    if (this.#zip?.path !== path) {
      await this.#closeZip();
      this.#zip = { path, opened: ZipReader.open(path) };
    }
    return this.#zip.opened;
  }

  async #closeZip(): Promise<void> {
    const zip = await this.#zip?.opened.catch(() => null);
    this.#zip = null;
    zip?.close();
  }

  #fail(id: number, thrown: unknown): void {
    this.#send({ kind: 'failed', id, error: toSentError(thrown) });
  }
}

/** Whether an image of the library has these bytes, in the trash or not, or the result of its strict mask. */
export function isKnown(db: Readable, sha256: Sha256): boolean {
  const sql = `SELECT 1 AS known FROM images WHERE sha256 = :sha256
    UNION ALL SELECT 1 FROM strict_results WHERE sha256 = :sha256 LIMIT 1`;
  return prepare<[{ sha256: string }], { known: 1 }>(db, sql).get({ sha256 }) !== undefined;
}

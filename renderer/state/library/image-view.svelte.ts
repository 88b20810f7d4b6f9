import { untrack } from 'svelte';
import type { Marks } from '../../../electron/contract/entities/annotations.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { Grouping } from '../../../electron/contract/entities/query.ts';
import type {
  Bucket,
  GridImage,
  IndexStatus,
  View,
  ViewId,
  ViewQuestion,
} from '../../../electron/contract/entities/views.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { currentTime } from '../../page/clock.ts';
import { EarlyMarks } from './early-marks.svelte.ts';
import { loadPage, loadView, lookFor, type LoadedView, type ViewSource } from './load-view.ts';
import { LoadedRows, pageOf, ROWS_PER_PAGE } from './loaded-rows.ts';
import { Pace } from './pace.ts';
import { isPlain, loadPreview, RATIO_UNIT, type Preview } from './preview.ts';
import { RequestGate } from './request-gate.ts';
import { isSameBuckets, isSameQuestion, isSameSelection, isSameShape } from './same-view.ts';
import { readAnchor, storeAnchor, type Anchor } from './stored-anchor.ts';

/** Time between two questions because of new revisions, in ms. */
const REVISION_PAUSE = { least: 120, most: 1000 };
/** What is looked at is stored at most this often, in ms. */
const STORE_PAUSE = 300;
/** Expired views in a row before that is shown as an error. */
const MAX_EXPIRED = 5;

/** The images of the settled question: their shape, and the rows that are loaded. */
export class ImageView {
  /** `loading` and `error` only before the first answer. */
  state = $state<'loading' | 'ready' | 'error'>('loading');
  /** Why the last question or rows couldn't be loaded; while `ready`, what is shown is older. */
  error = $state.raw<ErrorReport | null>(null);
  /** Null until the index has answered: then the newest images may be shown already. */
  view = $state.raw<View | null>(null);
  /** width / height × 4096 of each image, by position. Replaced only if it differs. */
  ratios = $state.raw<Uint16Array | null>(null);
  /** Days or months in `ratios`' order. Replaced only if they differ. */
  buckets = $state.raw<readonly Bucket[]>([]);
  /** How `buckets` are to be shown. */
  grouping = $state<Grouping>('day');
  /** How far the images on the screen have moved towards the end since the start: others arrived before them. */
  shift = $state(0);
  /** The question that `view` answers. */
  question = $state.raw<ViewQuestion | null>(null);
  /** How far the index is; null until it said so. */
  status = $state.raw<IndexStatus | null>(null);
  /** Images that arrived at the head while it was scrolled away. */
  arrived = $state(0);
  /** The image viewed last. */
  lastViewed = $state<ImageId | null>(null);
  /** First visible image; null at the head. Replaced by a new view: the grid then scrolls there. */
  #anchor = $state.raw<Anchor | null>(null);
  /** When they were asked for, ms since 1970: names of days are of then. */
  askedAt = $state(currentTime());
  /** Images in `ratios`. */
  total = $state(0);
  /** Images in the library, or in the trash. */
  all = $state(0);
  #rows = $state.raw(new LoadedRows());
  readonly #marks = new EarlyMarks();
  readonly #source: ViewSource;
  readonly #asks: { readonly settled: ViewQuestion };
  readonly #folder: () => string | null;
  readonly #gate = new RequestGate((page) => this.#loadPage(page));
  readonly #pace = new Pace(REVISION_PAUSE);
  /** The index has lost its views: its thread has ended. */
  #isLost = false;
  #turn = 0;
  #running: Promise<void> | null = null;
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #storing: ReturnType<typeof setTimeout> | undefined;
  /** The first image, to count those that arrive before it. */
  #headId: ImageId | null = null;
  #expired = 0;
  #release: (() => void) | null = null;
  readonly #requested = Promise.withResolvers<undefined>();
  /** The folder by which their place is remembered. */
  #opened: string | null = null;
  /** What was asked last, answered or not. */
  #asking: ViewQuestion | null = null;
  /** Resolved when the index answers next. */
  #answered = Promise.withResolvers<null>();

  /** @param folder the library's folder, by which the place is remembered; null: it isn't */
  constructor(source: ViewSource, asks: { readonly settled: ViewQuestion }, folder: () => string | null = () => null) {
    this.#source = source;
    this.#asks = asks;
    this.#folder = folder;
  }

  /** Asks the settled question now and whenever it changes, until `stop`. Nothing if that has begun for this library folder. */
  start(): void {
    const folder = this.#folder();
    if (this.#release && folder === this.#opened) return;
    this.stop();
    this.#opened = folder;
    this.#anchor = folder === null ? null : readAnchor(folder);
    this.#release = $effect.root(() => {
      $effect(() => {
        const { settled } = this.#asks;
        untrack(() => {
          if (!isSameQuestion(settled, this.#asking)) void this.refresh();
        });
      });
    });
  }

  /** The images that a question finds now, once the index is ready; later edits don't change which, nor their order. */
  async snapshot(question: ViewQuestion): Promise<ImageView> {
    const copy = new ImageView(this.#source, { settled: $state.snapshot(question) });
    for (;;) {
      const answered = this.#answered.promise;
      await copy.refresh();
      if (copy.view !== null || copy.error !== null) return copy;
      await answered;
    }
  }

  stop(): void {
    this.#release?.();
    this.#release = null;
    if (this.#storing !== undefined) this.#store();
    this.#turn += 1;
    this.#again = false;
    this.#asking = null;
    clearTimeout(this.#timer);
  }

  /** Resolves once the first question's images have been requested, or the question has failed or found none. */
  get requested(): Promise<unknown> {
    return this.#requested.promise;
  }

  /** What is asked now, answered or not. */
  get asked(): ViewQuestion {
    return this.#asks.settled;
  }

  /** Whether a question's images are shown; the newest ones count until the index has answered. */
  answers(question: ViewQuestion): boolean {
    return this.question === null || isSameQuestion(question, this.question);
  }

  /** Asks again. A call while one is running runs once more afterwards. */
  refresh(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = true;
    this.#running ??= this.#rounds().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Takes the index' state from an event. */
  applyUpdate(status: IndexStatus): void {
    this.status = status;
    const isKnown = this.view !== null && status.revision === this.view.revision && !this.#isLost;
    if (!status.ready || isKnown) return;
    this.#timer ??= setTimeout(() => void this.refresh(), this.view === null ? 0 : this.#pace.rest);
  }

  /** The image at a position; null while it isn't loaded: call `need`. */
  at(position: number): GridImage | null {
    const image = this.#rows.at(position);
    return image && this.#marks.on(image);
  }

  /** width / height × 4096 of an image. */
  ratioAt(position: number): number {
    return this.ratios?.[position] ?? RATIO_UNIT;
  }

  /** The id of the image at a position; null while it isn't loaded. */
  idAt(position: number): ImageId | null {
    return this.#rows.at(position)?.id ?? null;
  }

  /** Loads the images of these positions, before what was needed earlier. */
  need(from: number, count: number): void {
    if (this.view === null || this.total === 0) return;
    const first = pageOf(Math.max(0, from));
    const last = pageOf(Math.min(this.total, from + count) - 1);
    const missing: number[] = [];
    for (let page = first; page <= last; page += 1) {
      if (this.#rows.has(page)) this.#rows.touch(page);
      else missing.push(page);
    }
    if (missing.length > 0) this.#gate.want(missing);
  }

  /** Where images are; null for those that aren't in the view. @throws StudioError `view-expired` */
  async positions(ids: ImageId[]): Promise<(number | null)[]> {
    if (this.view === null) return ids.map((id) => this.#positionOf(id));
    return this.#source.studio.views.positions({ viewId: this.view.id, imageIds: ids });
  }

  /**
   * Shows marks before they are stored.
   * @returns to be called once it is known whether they are: if not, they are taken back; otherwise the next answer replaces them
   */
  patch(ids: readonly ImageId[], marks: Partial<Marks>): (stored: boolean) => void {
    return this.#marks.show(ids, marks);
  }

  get anchor(): Anchor | null {
    return this.#anchor;
  }

  /** Says what is looked at. Stored for the next start. */
  set anchor(anchor: Anchor | null) {
    this.#anchor = anchor;
    if (anchor === null) this.arrived = 0;
    this.#storing ??= setTimeout(() => this.#store(), STORE_PAUSE);
  }

  #store(): void {
    clearTimeout(this.#storing);
    this.#storing = undefined;
    if (this.view !== null && this.#opened !== null) storeAnchor(this.#opened, this.#anchor);
  }

  async #rounds(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      await this.#pace.measure(() => this.#round());
    }
  }

  async #round(): Promise<void> {
    const turn = (this.#turn += 1);
    const question = this.#asks.settled;
    this.#asking = question;
    const keeps = this.question === null || isSameSelection(question, this.question);
    const began = performance.now();
    try {
      const ids = keeps ? [this.#anchor?.imageId, this.#headId].filter((id) => id != null) : [];
      const loaded = await loadView(this.#source, question, ids, () => this.#requested.resolve(undefined));
      this.#requested.resolve(undefined);
      if (keeps) await this.#followAnchor(turn, loaded);
      if (turn === this.#turn && !this.#isOutdated(question)) this.#show(question, loaded, keeps, began);
    } catch (thrown) {
      this.#requested.resolve(undefined);
      if (turn === this.#turn) await this.#fail(toErrorReport(thrown), question);
    }
  }

  /** What is looked at may have become another image while the answer was on its way. */
  async #followAnchor(turn: number, loaded: LoadedView): Promise<void> {
    for (;;) {
      const id = this.#anchor?.imageId;
      if (id == null || turn !== this.#turn || loaded.positions.has(id)) return;
      await lookFor(this.#source.studio, loaded, id);
    }
  }

  /** The question has changed meanwhile; its answer is on its way. */
  #isOutdated(question: ViewQuestion): boolean {
    if (isSameQuestion(question, this.#asks.settled)) return false;
    this.#again = true;
    return true;
  }

  #show(question: ViewQuestion, loaded: LoadedView, keeps: boolean, began: number): void {
    const anchor = keeps ? this.#anchor : null;
    const positionOf = (id: ImageId | null | undefined): number | null => (id && loaded.positions.get(id)) ?? null;
    const [position, head] = [positionOf(anchor?.imageId), positionOf(this.#headId)];
    this.#isLost = false;
    this.#gate.clear();
    this.#rows = loaded.rows;
    this.view = loaded.view;
    this.askedAt = currentTime();
    this.question = question;
    this.total = loaded.view.total;
    this.all = loaded.view.all;
    this.grouping = question.grouping;
    if (!isSameShape(this.ratios, loaded.ratios)) this.ratios = loaded.ratios;
    if (!isSameBuckets(this.buckets, loaded.view.buckets)) this.buckets = loaded.view.buckets;
    this.#move(anchor, position, head ?? 0);
    this.#marks.answered(began);
    this.#ready();
    this.#answered.resolve(null);
    this.#answered = Promise.withResolvers();
    void this.#findHead(loaded.view.id);
  }

  /** Keeps what is looked at. `position`: of its image, if that is known; `head`: images that arrived before the first one. */
  #move(anchor: Anchor | null, position: number | null, head: number): void {
    const isNewestFirst = this.question?.sort.by === 'date' && this.question.sort.descending;
    const arrived = isNewestFirst ? head : 0;
    const moved = anchor && {
      ...anchor,
      position: position ?? Math.min(anchor.position + arrived, Math.max(0, this.total - 1)),
    };
    this.shift += anchor === null || moved === null ? head : moved.position - anchor.position;
    this.#anchor = moved;
    this.arrived = moved === null ? 0 : this.arrived + arrived;
  }

  /** Remembers the first image. Its row isn't loaded while the grid is elsewhere. */
  async #findHead(viewId: ViewId): Promise<void> {
    const [first] = this.#rows.has(0)
      ? [this.#rows.at(0)]
      : await this.#source.studio.views.rows({ viewId, from: 0, count: 1 }).catch(() => []);
    if (this.view?.id === viewId) this.#headId = first?.id ?? null;
  }

  #ready(): void {
    this.state = 'ready';
    this.error = null;
    this.#expired = 0;
  }

  async #fail(error: ErrorReport, question: ViewQuestion): Promise<void> {
    if (error.code === 'index-loading') return this.view === null ? this.#preview(question) : this.#awaitIndex();
    if (error.code === 'view-expired' && (this.#expired += 1) <= MAX_EXPIRED) {
      this.#again = true;
      return;
    }
    this.#report(error);
  }

  #report(error: ErrorReport): void {
    this.error = error;
    if (this.state !== 'ready') this.state = 'error';
  }

  /** Keeps what is shown, and asks again as soon as the index is there again. */
  async #awaitIndex(): Promise<void> {
    this.#isLost = true;
    const status = await this.#source.studio.views.status({}).catch(() => null);
    if (status) this.applyUpdate(status);
  }

  /** Shows the newest images until the index is ready. An `index` event then asks again. */
  async #preview(question: ViewQuestion): Promise<void> {
    const turn = this.#turn;
    try {
      const { studio } = this.#source;
      const [status, preview] = await Promise.all([
        studio.views.status({}),
        isPlain(question) ? loadPreview(studio, question.grouping) : null,
      ]);
      this.status = status;
      if (turn !== this.#turn) return;
      if (preview) this.#showPreview(preview, question);
      if (this.status.ready) this.#again = true;
    } catch (thrown) {
      this.#report(toErrorReport(thrown));
    }
  }

  #showPreview({ rows, ratios, buckets, images, all }: Preview, { grouping }: ViewQuestion): void {
    this.#rows = rows;
    this.ratios = ratios;
    this.buckets = buckets;
    this.grouping = grouping;
    this.total = images;
    this.all = all;
    this.#ready();
  }

  async #loadPage(page: number): Promise<void> {
    const { view } = this;
    const rows = this.#rows;
    if (view === null || rows.has(page) || page * ROWS_PER_PAGE >= view.total) return;
    try {
      rows.set(page, await loadPage(this.#source.studio, view.id, page));
    } catch (thrown) {
      if (rows !== this.#rows) return this.#loadPage(page);
      const error = toErrorReport(thrown);
      if (error.code === 'view-expired') void this.refresh();
      else if (error.code === 'index-loading') await this.#awaitIndex();
      else this.#report(error);
      return;
    }
    // A newer view came meanwhile, and the gate starts no second request for the same page.
    if (rows !== this.#rows) await this.#loadPage(page);
  }

  #positionOf(id: ImageId): number | null {
    for (let position = 0; position < this.total; position += 1)
      if (this.#rows.at(position)?.id === id) return position;
    return null;
  }
}

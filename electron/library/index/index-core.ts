import type { ImageId } from '../../contract/entities/ids.ts';
import type { IndexStatus, ViewId } from '../../contract/entities/views.ts';
import { prepare, type Readable } from '../db/database.ts';
import { applyLog } from './apply-log.ts';
import { evaluate, type Sources } from './evaluate.ts';
import { countFacets } from './facets.ts';
import { readGridRows } from './grid-rows.ts';
import { readRevision, type IndexData } from './index-data.ts';
import type { QuestionName, Questions } from './messages.ts';
import { ordinalsOfIds, selectedBits, selectedTimelines, summarize } from './selections.ts';
import { gather, hasBit } from './bits.ts';
import { SmartCounter } from './smart-counts.ts';
import { TextSearch } from './text-search.ts';
import { ViewStore } from './view-store.ts';

type Answerers = { [Name in QuestionName]: (takes: Questions[Name]['takes']) => Questions[Name]['gives'] };

/** A loaded index: answers questions, always of the newest revision. */
export class IndexCore {
  readonly #db: Readable;
  readonly data: IndexData;
  readonly #text: TextSearch;
  readonly #views: ViewStore;
  readonly #now: () => number;
  readonly #smart = new SmartCounter();
  #version: unknown = null;

  constructor(db: Readable, data: IndexData, { prefix, now }: { prefix: string; now: () => number }) {
    this.#db = db;
    this.data = data;
    this.#text = new TextSearch(db);
    this.#views = new ViewStore(prefix);
    this.#now = now;
  }

  get status(): IndexStatus {
    const { columns, revision } = this.data;
    return { ready: true, revision, loaded: columns.count, images: columns.count };
  }

  /**
   * Applies what was written since. @returns the number of changes
   * @throws LogGapError
   */
  refresh(): number {
    const version = this.#db.pragma('data_version', { simple: true });
    if (version === this.#version && readRevision(this.#db) === this.data.revision) return 0;
    this.#version = version;
    // Also where the log has nothing: the text index may have changed.
    this.#text.forget();
    this.data.derived.clear();
    const applied = applyLog(this.#db, this.data);
    this.#views.apply(applied);
    return applied.changes;
  }

  /** @throws StudioError `view-expired`; LogGapError */
  answer<Name extends QuestionName>(name: Name, takes: Questions[Name]['takes']): Questions[Name]['gives'] {
    this.refresh();
    return this.#answerers[name](takes);
  }

  get #sources(): Sources {
    return { db: this.#db, data: this.data, text: this.#text, now: this.#now() };
  }

  readonly #answerers: Answerers = {
    ask: ({ question }) => this.#views.ask(this.#sources, question),
    facets: ({ viewId }) => {
      const { found, outdated, question } = this.#views.get(viewId);
      const sources = this.#sources;
      const current = outdated ? evaluate(sources, question.query, question.place) : found;
      return countFacets(sources, current, question.place);
    },
    rows: ({ viewId, from, count }) => this.#rows(viewId, from, count),
    positions: ({ viewId, imageIds }) => {
      const { ordinals } = this.#views.get(viewId);
      return imageIds.map((id) => {
        const [ordinal] = ordinalsOfIds(this.#db, this.data, [id]);
        const position = ordinal === undefined ? -1 : ordinals.indexOf(ordinal);
        return position < 0 ? null : position;
      });
    },
    shape: ({ viewId }) => {
      const { arrays, sizes } = this.data.columns;
      return new Uint16Array(gather(this.#views.get(viewId).ordinals, arrays.size, sizes.ratios()));
    },
    resolve: ({ selection }) => selectedTimelines(this.#sources, selection),
    selected: ({ selection, limit }) => {
      const { bits, view } = selectedBits(this.#sources, selection);
      const { timeline } = this.data.columns.arrays;
      const idOf = prepare<[number], { id: ImageId }>(this.#db, 'SELECT id FROM images WHERE timeline = ?');
      const inOrder = view ? [...view.ordinals.filter((ordinal) => hasBit(bits, ordinal)).subarray(0, limit)] : null;
      if (inOrder) return inOrder.flatMap((ordinal) => idOf.get(timeline[ordinal] ?? -1)?.id ?? []);
      return selection.kind === 'images' ? selection.imageIds.slice(0, limit) : [];
    },
    smartCounts: () => this.#smart.count(this.#sources),
    summarize: ({ selection }) => summarize(this.#db, this.data, selectedBits(this.#sources, selection).bits),
  };

  #rows(viewId: ViewId, from: number, count: number): Questions['rows']['gives'] {
    const { ordinals, stackSizes } = this.#views.get(viewId);
    const some = ordinals.subarray(from, from + count);
    const { timeline } = this.data.columns.arrays;
    const timelines = [...some].map((ordinal) => timeline[ordinal] ?? -1);
    return readGridRows(this.#db, timelines, [...(stackSizes?.subarray(from, from + count) ?? [])]);
  }
}

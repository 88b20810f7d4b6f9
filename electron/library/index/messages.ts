import type { SelectionSummary } from '../../contract/entities/annotations.ts';
import type { ImageId } from '../../contract/entities/ids.ts';
import type {
  Facets,
  GridImage,
  IndexStatus,
  Positions,
  Selection,
  View,
  ViewId,
  ViewQuestion,
} from '../../contract/entities/views.ts';
import type { ErrorReport } from '../../contract/errors/errors.ts';
import type { Close } from '../db/threads.ts';
import type { SmartCounts } from './smart-counts.ts';

/** What the index's thread is given when it starts. */
export interface WorkerOptions {
  folder: string;
  /** Time without a question before the index is stored, ms. */
  idleMs: number;
  /** The longest time before it is stored, ms: questions may never end. */
  maxWaitMs: number;
}

/** Questions to the thread: what each takes and answers. */
export interface Questions {
  ask: { takes: { question: ViewQuestion }; gives: View };
  facets: { takes: { viewId: ViewId }; gives: Facets };
  rows: { takes: { viewId: ViewId; from: number; count: number }; gives: (GridImage | null)[] };
  positions: { takes: { viewId: ViewId; imageIds: readonly ImageId[] }; gives: Positions };
  /** Ratios by position, see `Sizes.ratios`. */
  shape: { takes: { viewId: ViewId }; gives: Uint16Array<ArrayBuffer> };
  /** Timeline keys in the selection's order. */
  resolve: { takes: { selection: Selection }; gives: Float64Array<ArrayBuffer> };
  selected: { takes: { selection: Selection; limit: number }; gives: ImageId[] };
  summarize: { takes: { selection: Selection }; gives: SelectionSummary };
  /** Counts some more of the smart collections. */
  smartCounts: { takes: object; gives: SmartCounts };
}
export type QuestionName = keyof Questions;

/** To the thread. `refresh`: something was written. `close`: store what isn't stored, and end. */
export type ToWorker =
  { kind: 'question'; id: number; name: QuestionName; payload: unknown } | { kind: 'refresh' } | Close;

/** From the thread. `stored`: the columns of this revision are on the disk, so the log up to it isn't needed any more. */
export type FromWorker =
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'refusal'; id: number; report: ErrorReport; thrown: unknown; isDatabaseDamaged: boolean }
  | { kind: 'status'; status: IndexStatus }
  | { kind: 'stored'; revision: number }
  | { kind: 'note'; sentence: string; thrown: unknown };

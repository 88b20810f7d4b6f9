import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { FileTexts, ImportProblem } from '../../contract/entities/imports.ts';
import type { SentError } from '../decoding/messages.ts';
import type { Close } from '../db/threads.ts';
import type { RecordPlace } from './records/record-place.ts';
import type { Finding, ImportOrigin } from './scan/candidate.ts';
import type { StagedImage } from './scan/stage-image.ts';
import type { Chosen } from './scan/walk-choice.ts';

/** To the import's thread. */
export type ToWorker =
  | { kind: 'scan'; id: number; chosen: readonly Chosen[] }
  /** What it found so far is enough. */
  | { kind: 'stop'; id: number }
  | { kind: 'stage'; id: number; origin: ImportOrigin; record: RecordPlace | null; to: string }
  /** What is in an original. */
  | { kind: 'texts'; id: number; path: string; format: FileFormat }
  | Close;

/** What the library already has of a file: nothing, an image with the same bytes, or the same bytes found before in this choice. */
export type Known = 'new' | 'known' | 'repeated';

/** A finding, with what the library has of it. */
export type Judged = Finding & { known: Known };

/** From the import's thread: while it scans, and one answer to each request. */
export type FromWorker =
  | { kind: 'found'; id: number; found: Judged[] }
  | { kind: 'scanned'; id: number }
  | { kind: 'texts'; id: number; texts: FileTexts }
  | { kind: 'staged'; id: number; staged: StagedImage }
  | { kind: 'refused'; id: number; problem: ImportProblem; format: FileFormat | null }
  | { kind: 'failed'; id: number; error: SentError };

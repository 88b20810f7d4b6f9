import type { ExportOptions, ExportResult } from '../../contract/entities/exports.ts';
import type { Close } from '../db/threads.ts';
import type { SentError } from '../decoding/messages.ts';
import type { DecoderFailure } from '../decoding/operation.ts';
import type { RunProgress } from '../runs/run-control.ts';

/** The images that a thread works on, by their timeline keys, in order. */
interface Chosen {
  /** The library's folder. */
  folder: string;
  timelines: Float64Array;
}

/** What an export's thread is started for. */
export type ExportTask = Chosen & ({ kind: 'export'; options: ExportOptions } | { kind: 'count-signed' });

export interface TaskResults {
  export: ExportResult;
  /** Number of images that are signed. */
  'count-signed': number;
}

/** From the export's thread: an operation for a decoding process. It waits for one of the two answers. */
export interface DecodeMessage {
  kind: 'decode';
  operation: string;
  args: unknown;
}
export type DecodedMessage =
  | { kind: 'decoded'; result: unknown }
  /** `failure`: the decoding process ended. */
  | { kind: 'undecoded'; failure: DecoderFailure | null; error: SentError };

/** To the export's thread. */
export type ToExportThread =
  /** The answer to `pause-point`: there is no pause, or it has ended. */
  | { kind: 'go-on' }
  /** What it is at ends as if cancelled. */
  | { kind: 'stop' }
  | DecodedMessage
  | Close;

/** From the export's thread. The last message is one of the last three. */
export type FromExportThread =
  | { kind: 'progress'; progress: RunProgress }
  /** It waits for `go-on`. */
  | { kind: 'pause-point' }
  | DecodeMessage
  | { kind: 'ended'; result: unknown }
  | { kind: 'stopped' }
  | { kind: 'failed'; error: SentError };

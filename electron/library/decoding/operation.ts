/**
 * Which processes run an operation. Headers don't wait for pixels, and an SVG, whose cost can't be known beforehand, holds up nothing
 * but other SVGs.
 */
export type Lane = 'headers' | 'pixels' | 'drawings' | 'edits';

/** Something that a decoding process can do. Arguments and result are plain data; files are named by their paths. */
export interface Operation<Args, Result> {
  readonly name: string;
  /** Its time limit in seconds, from the moment when a process has taken it. */
  readonly seconds: number;
  lane(args: Args): Lane;
  /** Never set: keeps the result's type. */
  readonly result?: Result;
}

/** Defines an operation; the decoding process knows it by its name. */
export function defineOperation<Args, Result>(operation: {
  name: string;
  seconds: number;
  lane: Lane | ((args: Args) => Lane);
}): Operation<Args, Result> {
  const { name, seconds, lane } = operation;
  return { name, seconds, lane: typeof lane === 'string' ? () => lane : lane };
}

/** Runs operations in processes that can be ended. */
export interface Decoding {
  /**
   * Runs an operation when a process of its lane is free.
   * @throws DecoderError if its process took too long, needed too much memory or crashed; what the operation itself throws; the signal's
   *   reason
   */
  run<Args, Result>(
    operation: Operation<Args, Result>,
    args: Args,
    options?: { signal?: AbortSignal | undefined },
  ): Promise<Result>;
  /** Ends all processes at once. Operations that haven't ended are rejected with a {@link DecoderError} `closed`. */
  close(): void;
}

/** `timeout`, `memory` and `crash` are the operation's own doing; `unavailable`: no process could be started. */
export type DecoderFailure = 'timeout' | 'memory' | 'crash' | 'unavailable' | 'closed';

const SENTENCES: Readonly<Record<DecoderFailure, string>> = {
  timeout: 'Decoding this file took too long and was stopped.',
  memory: 'Decoding this file needed too much memory and was stopped.',
  crash: 'Decoding this file ended the decoding process.',
  unavailable: 'The decoding process couldn’t be started.',
  closed: 'Emulsion is closing.',
};

/** An operation has no result because its process ended. */
export class DecoderError extends Error {
  override readonly name = 'DecoderError';
  readonly failure: DecoderFailure;

  constructor(failure: DecoderFailure, options?: ErrorOptions) {
    super(SENTENCES[failure], options);
    this.failure = failure;
  }

  /** Whether the file is the cause, rather than this computer or the application's end. */
  get isFileAtFault(): boolean {
    return this.failure === 'timeout' || this.failure === 'memory' || this.failure === 'crash';
  }
}

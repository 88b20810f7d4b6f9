import type { Brand, BrandName } from 'valibot';

/** An id of the contract. An ordinary text (a prompt, a key) cannot be passed where one is asked for. */
type LoggedId = string & Brand<BrandName>;
/** Name of an endpoint, such as `jobs.create`. */
export type CallName = `${string}.${string}`;
/** `done`, or the code of the error with which a request ended. */
export type RequestOutcome = 'done' | 'cancelled' | 'interrupted' | 'internal' | `${string}-${string}`;

export interface SentLine {
  /** Of the generation. */
  id: LoggedId;
  profile: LoggedId;
  /** Of the request's body. */
  bytes: number;
}

export interface EndedLine {
  id: LoggedId;
  profile: LoggedId;
  /** Received, of the answer's body. */
  bytes: number;
  /** Since it was sent. */
  ms: number;
  outcome: RequestOutcome;
}

/**
 * One function for each kind of line. None takes a prompt, a key or pixels. None throws: a log that cannot be written changes nothing in the
 * application.
 */
export interface AppLog {
  /** An unforeseen error; it goes to the terminal too. `sentence` is written by us, never by a person or a server. */
  error(sentence: string, thrown: unknown): void;
  /** Something that the application did not expect and could deal with. */
  warn(sentence: string): void;
  info(sentence: string): void;
  requestSent(line: SentLine): void;
  requestEnded(line: EndedLine): void;
  /** An ended call of dispatch: a warning above 100 ms, otherwise for debugging only. */
  call(line: { name: CallName; ms: number }): void;
  /** A time in which the event loop did not run. */
  stall(line: { calls: readonly CallName[]; ms: number }): void;
}

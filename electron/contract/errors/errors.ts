import * as v from 'valibot';

/**
 * Every way in which something can go wrong that a person is told about. A code is for programs (tests, the next step that a screen
 * offers); the sentence beside it is for people.
 */
export const ERROR_CODES = [
  // The door: a caller that is not ours, or one that speaks nonsense.
  'bad-sender',
  'bad-payload',
  'unknown-endpoint',
  'not-found',
  // Before anything is sent.
  'prompt-empty',
  'prompt-too-long',
  'parameter-invalid',
  'key-missing',
  'profile-invalid',
  'input-invalid',
  /** The month's cap would be crossed; the person has not said yes. */
  'cap-reached',
  // What a server said.
  'key-refused',
  'organisation-unverified',
  'permission-denied',
  'rate-limited',
  'quota-exhausted',
  'moderation-blocked',
  'request-refused',
  'endpoint-missing',
  'server-failed',
  // What a server did.
  'server-unreachable',
  'connection-lost',
  'answer-not-json',
  'answer-cut',
  'answer-garbled',
  'answer-empty',
  'answer-too-large',
  'timed-out',
  // What happened here.
  'cancelled',
  'interrupted',
  'disk-unwritable',
  'disk-full',
  'library-newer',
  'library-locked',
  'library-damaged',
  'image-undecodable',
  'file-missing',
  'secrets-unavailable',
  'unsupported-here',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What is known about money when something fails. `none`: nothing was billed. `possible`: the request reached the server and the
 * outcome is unknown. `billed`: the server answered with images or usage.
 */
export const BILLING = ['none', 'possible', 'billed'] as const;
export type Billing = (typeof BILLING)[number];

/** The server's own words, shown behind "Details". Never holds a key: whoever fills this in has removed it. */
const ServerMessageSchema = v.strictObject({
  status: v.optional(v.number()),
  message: v.optional(v.string()),
  type: v.optional(v.nullable(v.string())),
  code: v.optional(v.nullable(v.string())),
  param: v.optional(v.nullable(v.string())),
  requestId: v.optional(v.string()),
  /** Milliseconds to wait before another try, from `retry-after`. */
  retryAfterMs: v.optional(v.number()),
});
export type ServerMessage = v.InferOutput<typeof ServerMessageSchema>;

/** An error as it crosses the contract and as it is stored with a job. Plain data. */
export const ErrorReportSchema = v.strictObject({
  code: v.picklist(ERROR_CODES),
  /** What happened, what it means for money or data, what to do next. Complete sentences for a person. */
  message: v.string(),
  billing: v.picklist(BILLING),
  /** The form's field that is at fault, by its API name, for instance `prompt` or `size`. */
  field: v.optional(v.string()),
  server: v.optional(ServerMessageSchema),
});
export type ErrorReport = v.InferOutput<typeof ErrorReportSchema>;

/** The one error type of the application. `cause` keeps what was caught; `report` is what may be shown and stored. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly report: ErrorReport;

  constructor(report: Omit<ErrorReport, 'billing'> & { billing?: Billing }, options?: ErrorOptions) {
    super(report.message, options);
    this.report = { billing: 'none', ...report };
  }

  get code(): ErrorCode {
    return this.report.code;
  }
}

/** The report of anything that was thrown. What is not a {@link StudioError} becomes `internal`, without its stack. */
export function toErrorReport(thrown: unknown): ErrorReport {
  if (thrown instanceof StudioError) return thrown.report;
  return {
    code: 'internal',
    message: 'Something went wrong inside Emulsion. Nothing was sent again. The log has the details.',
    billing: 'none',
  };
}

/** Where unforeseen errors go that no screen shows: a sentence, and what was thrown. Never given a key. */
export type Log = (sentence: string, thrown: unknown) => void;

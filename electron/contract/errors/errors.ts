import * as v from 'valibot';
import { BILLING, ERROR_CODES, type Billing, type ErrorCode } from './codes.ts';
import { ERROR_NOTES, ErrorDetailSchema, type ErrorDetail } from './details.ts';
import { errorMessage, errorText } from './messages.ts';
import { RequestCountSchema } from './request-outcomes.ts';

export { BILLING, ERROR_CODES, type Billing, type ErrorCode } from './codes.ts';

/** The server's message, shown under "Details". Must not contain a key: the code that fills it in removes keys. */
const ServerMessageSchema = v.strictObject({
  status: v.optional(v.number()),
  message: v.optional(v.string()),
  type: v.optional(v.nullable(v.string())),
  code: v.optional(v.nullable(v.string())),
  param: v.optional(v.nullable(v.string())),
  requestId: v.optional(v.string()),
  /** Wait before a retry, ms, from `retry-after`. */
  retryAfterMs: v.optional(v.number()),
});
export type ServerMessage = v.InferOutput<typeof ServerMessageSchema>;

/** An error as sent over the contract and stored with a job. Plain data. */
export const ErrorReportSchema = v.strictObject({
  code: v.picklist(ERROR_CODES),
  /** The finished text: what happened, what to do, whether it was billed. Rendered from `detail` if there is one. */
  message: v.string(),
  billing: v.picklist(BILLING),
  /** What happened, for `errors/messages.ts`. Missing in reports of earlier releases and in errors that concern no request. */
  detail: v.optional(v.fallback(v.optional(ErrorDetailSchema), undefined)),
  notes: v.optional(v.array(v.picklist(ERROR_NOTES))),
  /** Images whose download failed; `server.message` lists their URLs. */
  unfetched: v.optional(v.number()),
  /** Of a job with several requests: what became of each. */
  requests: v.optional(v.array(RequestCountSchema)),
  /** The form field at fault, by its API name, for example `prompt` or `size`. */
  field: v.optional(v.string()),
  server: v.optional(ServerMessageSchema),
});
export type ErrorReport = v.InferOutput<typeof ErrorReportSchema>;

/** A report with its text, or with the detail that the text is rendered from. */
type NewReport = Omit<ErrorReport, 'billing' | 'message' | 'detail'> & { billing?: Billing } & (
    { message: string; detail?: ErrorDetail | undefined } | { message?: undefined; detail: ErrorDetail }
  );

/** The application's error type. `cause`: the caught error. `report`: what may be shown and stored. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly report: ErrorReport;

  constructor(report: NewReport, options?: ErrorOptions) {
    const billing = report.billing ?? 'none';
    const message = report.message ?? errorMessage({ ...report, message: '', billing });
    super(message, options);
    this.report = { ...report, billing, message };
  }

  get code(): ErrorCode {
    return this.report.code;
  }
}

/** Returns the report with changes, its text rendered again. */
export function amendReport(report: ErrorReport, changes: Partial<Omit<ErrorReport, 'message'>>): ErrorReport {
  const detail = changes.detail ?? report.detail ?? { kind: 'text' as const, text: report.message };
  const amended = { ...report, ...changes, detail };
  return { ...amended, message: errorMessage(amended) };
}

/** Returns the report of a thrown value. Anything but a {@link StudioError} becomes `internal`, without its stack. */
export function toErrorReport(thrown: unknown): ErrorReport {
  if (thrown instanceof StudioError) return thrown.report;
  const { what, next } = errorText({ kind: 'internal' });
  return { code: 'internal', message: `${what} ${next}`, billing: 'none' };
}

/** Logs an unexpected error that no screen shows: a sentence, and the thrown value. Neither may contain a key. */
export type Log = (sentence: string, thrown: unknown) => void;

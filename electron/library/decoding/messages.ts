import { StudioError, type ErrorReport } from '../../contract/errors/errors.ts';
import { errorCode } from '../../disk/error-code.ts';

/** From the application to a decoding process. */
export interface DecodeRequest {
  id: number;
  operation: string;
  args: unknown;
}

/** From a decoding process: once when it has started, then one for each request. */
export type DecodeReply = { ready: true } | { id: number; result: unknown } | { id: number; error: SentError };

/** An error between processes: its report, if it is a {@link StudioError}, and the system's code, if it has one. */
export interface SentError {
  report: ErrorReport | null;
  code: string;
  message: string;
  stack: string | undefined;
}

/** The exit code of a decoding process that used too much memory. */
export const MEMORY_EXIT_CODE = 86;

export function toSentError(thrown: unknown): SentError {
  const report = thrown instanceof StudioError ? thrown.report : null;
  // The cause tells more than the error made from it.
  const origin = report !== null && thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
  const { message, stack } = origin instanceof Error ? origin : new Error(String(origin));
  return { report, code: errorCode(origin), message, stack };
}

/** The error that was sent, of the same kind. */
export function fromSentError({ report, code, message, stack }: SentError): Error {
  const origin = Object.assign(new Error(message), { stack }, code === '' ? {} : { code });
  return report === null ? origin : new StudioError(report, { cause: origin });
}

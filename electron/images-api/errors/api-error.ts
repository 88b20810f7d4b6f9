import { amendReport, StudioError, type ErrorReport, type ServerMessage } from '../../contract/errors/errors.ts';

/** An error of a request: its text is rendered from its detail and from what is known about billing. */
export function apiError(
  report: Pick<ErrorReport, 'code' | 'billing' | 'field' | 'server'> & { detail: NonNullable<ErrorReport['detail']> },
  cause?: unknown,
): StudioError {
  return new StudioError(report, cause === undefined ? undefined : { cause });
}

/** The same error with what is known better now: about billing, the server's message besides the one that it has, and notes. */
export function amendError(
  { report, cause }: StudioError,
  changes: Pick<ErrorReport, 'billing'> & Partial<Pick<ErrorReport, 'notes' | 'unfetched'>>,
  details?: ServerMessage,
): StudioError {
  const lines = [report.server?.message, details?.message].filter((line) => line !== undefined);
  const server =
    details || report.server
      ? { ...details, ...report.server, ...(lines.length > 0 && { message: lines.join('\n') }) }
      : undefined;
  return new StudioError(amendReport(report, { ...changes, ...(server && { server }) }), { cause });
}

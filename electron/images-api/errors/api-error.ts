import { amendReport, StudioError, type ErrorReport, type ServerMessage } from '../../contract/errors/errors.ts';

/** An error of a request. Its text is rendered from `detail` and `billing`. */
export function apiError(
  report: Pick<ErrorReport, 'code' | 'billing' | 'field' | 'server'> & { detail: NonNullable<ErrorReport['detail']> },
  cause?: unknown,
): StudioError {
  return new StudioError(report, cause === undefined ? undefined : { cause });
}

/** A copy of the error with other billing and notes; a server message is appended to the one that it has. */
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

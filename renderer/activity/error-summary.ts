import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { errorParts } from '../../electron/contract/errors/messages.ts';

/** An error for the inspector: what happened, the rest, and the server's message with the request's id. */
export interface ErrorSummary {
  title: string;
  message: string;
  details: { heading?: string; text?: string; id?: string } | null;
}

export function errorSummary(report: ErrorReport): ErrorSummary {
  const { title, message } = errorParts(report);
  const { server } = report;
  const heading = ['Server message', server?.status, server?.code ?? server?.type].filter(Boolean).join(' · ');
  // Without a message there is only the id, which needs no heading.
  const details = {
    ...(server?.message && { heading, text: server.message }),
    ...(server?.requestId && { id: server.requestId }),
  };
  return { title, message, details: Object.keys(details).length > 0 ? details : null };
}

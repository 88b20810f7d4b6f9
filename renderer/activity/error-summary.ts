import type { ErrorReport } from '../../electron/contract/errors/errors.ts';

/** An error for the inspector: the sentence that says what happened, the rest, and the server's own words with the request's id. */
export interface ErrorSummary {
  title: string;
  message: string;
  details: { heading?: string; text?: string; id?: string } | null;
}

export function errorSummary({ message, server }: ErrorReport): ErrorSummary {
  const [, title = message, rest = ''] = /^(.+?[.?])\s+(.+)$/su.exec(message) ?? [];
  const heading = ['Server message', server?.status, server?.code ?? server?.type].filter(Boolean).join(' · ');
  // Without words of its own there is only the id, which says by itself what it is.
  const details = {
    ...(server?.message && { heading, text: server.message }),
    ...(server?.requestId && { id: server.requestId }),
  };
  return { title, message: rest, details: Object.keys(details).length > 0 ? details : null };
}

import type { ErrorReport } from '../../electron/contract/errors.ts';

/** An error for the inspector: the sentence that says what happened, the rest, and the server's own words. */
export interface ErrorWords {
  title: string;
  message: string;
  details: { heading: string; text: string } | null;
}

export function errorWords({ message, server }: ErrorReport): ErrorWords {
  const [, title = message, rest = ''] = /^(.+?[.?])\s+(.+)$/su.exec(message) ?? [];
  const heading = ['The server’s own words', server?.status, server?.code ?? server?.type].filter(Boolean).join(' · ');
  const hasWords = server?.message !== undefined && server.message !== '';
  return { title, message: rest, details: hasWords ? { heading, text: server.message ?? '' } : null };
}

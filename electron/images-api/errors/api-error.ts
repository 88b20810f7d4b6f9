import { StudioError, type Billing, type ErrorReport, type ServerMessage } from '../../contract/errors/errors.ts';

/** The last sentence of every error of this folder: what is known about money. */
const MONEY: Readonly<Record<Billing, string>> = {
  none: 'Nothing was billed.',
  possible: 'The request may have been billed. Emulsion does not send it again on its own.',
  billed: 'The request was billed. Emulsion does not send it again on its own.',
};

/** An error whose message is a sentence or two about what happened and what to do, and then the one about money. */
export function apiError(report: Omit<ErrorReport, 'message'> & { sentence: string }, cause?: unknown): StudioError {
  const { sentence, ...rest } = report;
  return new StudioError(
    { ...rest, message: `${sentence} ${MONEY[rest.billing]}` },
    cause === undefined ? undefined : { cause },
  );
}

/**
 * The same error with what is better known now: about money, the server's words besides those that it has, and a sentence more about what
 * to do.
 */
export function amendError(error: StudioError, billing: Billing, words?: ServerMessage, addition = ''): StudioError {
  const { report } = error;
  const before = MONEY[report.billing];
  const isOurs = report.message.endsWith(before);
  const said = isOurs ? report.message.slice(0, -before.length).trimEnd() : report.message;
  const message = [said, addition, isOurs ? MONEY[billing] : ''].filter((sentence) => sentence !== '').join(' ');
  const lines = [report.server?.message, words?.message].filter((line) => line !== undefined);
  const server =
    words || report.server
      ? { ...words, ...report.server, ...(lines.length > 0 && { message: lines.join('\n') }) }
      : undefined;
  return new StudioError({ ...report, message, billing, ...(server && { server }) }, { cause: error.cause });
}

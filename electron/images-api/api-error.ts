import { StudioError, type Billing, type ErrorReport, type ServerWords } from '../contract/errors.ts';

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

/** The same error with what is better known now: about money, and the server's words that it does not have yet. */
export function amend(error: StudioError, billing: Billing, words?: ServerWords): StudioError {
  const { report } = error;
  const before = MONEY[report.billing];
  const message = report.message.endsWith(before)
    ? report.message.slice(0, -before.length) + MONEY[billing]
    : report.message;
  const server = words || report.server ? { ...words, ...report.server } : undefined;
  return new StudioError({ ...report, message, billing, ...(server && { server }) }, { cause: error.cause });
}

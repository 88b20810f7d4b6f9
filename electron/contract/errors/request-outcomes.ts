import * as v from 'valibot';

/**
 * What became of one request of a job that has ended, in the order in which a sentence names it. `received`: all of its images are in
 * the library; `partial`: some; the others: none. The second word is what is known about the bill; without one the request cost nothing.
 */
export const REQUEST_OUTCOMES = [
  'received-billed',
  'received-possible',
  'received',
  'partial-billed',
  'partial-possible',
  'partial',
  /** Received and kept, but not in the library yet. */
  'unsaved-billed',
  'unsaved',
  'billed',
  /** Sent; whether it was processed is unknown. */
  'unknown',
  /** The same on a server that bills nothing. */
  'unknown-free',
  /** Sent, and ended without an image or a bill. */
  'failed',
  /** Refused with a rate limit, and stopped before it was sent again. */
  'refused',
  /** Known to be unsent. */
  'unsent',
] as const;
export type RequestOutcome = (typeof REQUEST_OUTCOMES)[number];

/** How many requests of a job had an outcome; stored with the job's error. */
export const RequestCountSchema = v.strictObject({
  outcome: v.picklist(REQUEST_OUTCOMES),
  count: v.pipe(v.number(), v.integer(), v.minValue(1)),
});
export type RequestCount = v.InferOutput<typeof RequestCountSchema>;

const LABELS: Readonly<Record<RequestOutcome, string>> = {
  'received-billed': 'received and billed',
  'received-possible': 'received and possibly billed',
  received: 'received',
  'partial-billed': 'billed but incomplete',
  'partial-possible': 'incomplete and possibly billed',
  partial: 'incomplete',
  'unsaved-billed': 'received and billed but not saved yet',
  unsaved: 'received but not saved yet',
  billed: 'billed without an image',
  unknown: 'sent with unknown outcome',
  'unknown-free': 'sent with unknown outcome',
  failed: 'failed and not billed',
  refused: 'rate limited and not billed',
  unsent: 'not sent',
};

/** "4 received and billed, 1 sent with unknown outcome, 1 not sent": each request is in exactly one part. */
export function requestCountsLabel(counts: readonly RequestCount[]): string {
  return counts.map(({ outcome, count }) => `${count} ${LABELS[outcome]}`).join(', ');
}

/** What an unknown outcome means for the bill, as a sentence; '' where every outcome is known. */
export function unknownOutcomeSentence(counts: readonly RequestCount[]): string {
  const unknown = counts.find(({ outcome }) => outcome === 'unknown')?.count ?? 0;
  if (unknown === 0) return '';
  return unknown === 1
    ? 'The request with unknown outcome may have been billed, so it won’t be sent again automatically.'
    : 'The requests with unknown outcome may have been billed, so they won’t be sent again automatically.';
}

/** What a retry may buy a second time, as a sentence; '' for nothing. */
export function repeatedBillSentence(counts: readonly RequestCount[]): string {
  const countOf = (...outcomes: RequestOutcome[]): number =>
    counts.reduce((sum, { outcome, count }) => (outcomes.includes(outcome) ? sum + count : sum), 0);
  const unknown = countOf('unknown', 'partial-possible');
  const billed = countOf('billed', 'partial-billed');
  if (unknown + billed === 0) return '';
  const were = billed === 0 ? 'may have been billed' : unknown === 0 ? `${billed === 1 ? 'was' : 'were'} billed` : null;
  const [requests, it] = unknown + billed === 1 ? ['One request', 'it'] : [`${unknown + billed} requests`, 'them'];
  return `${requests} ${were ?? 'were or may have been billed'} already; a retry can bill ${it} again.`;
}

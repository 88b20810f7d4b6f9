import type { Billing } from './codes.ts';
import { DETAIL_TEXTS } from './detail-texts.ts';
import type { ErrorDetail, ErrorNote } from './details.ts';
import { say, type ErrorText } from './error-text.ts';
import { requestCountsLabel, unknownOutcomeSentence, type RequestCount } from './request-outcomes.ts';

/** What the sentences of an error are made from. */
export interface ErrorFacts {
  /** The finished text, for errors without a detail: those of earlier releases, and those that have nothing to do with a request. */
  message: string;
  billing: Billing;
  detail?: ErrorDetail | undefined;
  notes?: readonly ErrorNote[] | undefined;
  /** Images whose download failed; their URLs are in the server's details. */
  unfetched?: number | undefined;
  /** What became of each request of a job with several; the error is then one request's, and the text is about the job. */
  requests?: readonly RequestCount[] | undefined;
}

/** Whether a request was billed, in two or three words. `amount`: the cost as text, for example "$0.041". */
export function billingLabel(billing: Billing, amount: string | null = null): string {
  if (billing === 'none') return 'Not billed';
  if (billing === 'possible') return 'May have been billed';
  return amount === null ? 'Billed' : `Billed ${amount}`;
}

/** What is said of images of a job that arrived damaged. `billings`: of each one's request. */
export function damagedImagesText(billings: readonly Billing[]): string {
  const [first = 'none'] = billings;
  const one = billings.length === 1;
  const money = billings.every((billing) => billing === first) ? ` ${billingLabel(first)}.` : '';
  const what = one ? '1 image arrived damaged.' : `${billings.length} images arrived damaged.`;
  return `${what}${money} ${one ? 'Its file is' : 'Their files are'} kept exactly as received.`;
}

/** {@link billingLabel} as a sentence. */
export function billingSentence(billing: Billing, amount: string | null = null): string {
  if (billing === 'possible') return 'It may have been billed, so it won’t be sent again automatically.';
  return `${billingLabel(billing, amount)}.`;
}

/** Ends the text of an error that occurred before anything was sent. */
export function notSent(text: string): string {
  return `${text} Nothing was sent.`;
}

/** Ends the text of a request that could not even be queued. */
export function refusedUnsent(text: string): string {
  return `${text} Not sent. Nothing was billed.`;
}

/** Everything there is to say about an error: what happened, what to do, and whether it was billed. At most three sentences. */
export function errorMessage(facts: ErrorFacts, amount: string | null = null): string {
  const { title, message } = errorParts(facts, amount);
  return message === '' ? title : `${title} ${message}`;
}

/** What happened and what to do, without the statement about money that a rendered report ends with. */
export function plainText(facts: ErrorFacts): string {
  if (!facts.detail) return facts.message;
  const { what, next } = errorText(facts.detail, facts);
  return joined(what, next);
}

/** The same as a heading (what happened) and the rest. */
export function errorParts(facts: ErrorFacts, amount: string | null = null): { title: string; message: string } {
  if (facts.requests) return jobParts(facts, facts.requests);
  if (!facts.detail) {
    const [, title = facts.message, message = ''] = FIRST_SENTENCE.exec(facts.message) ?? [];
    return { title, message };
  }
  const { what, next } = errorText(facts.detail, facts);
  const money = moneySentence(facts.detail, facts.billing, amount);
  if (facts.detail.kind !== 'text') return { title: what, message: joined(next, money) };
  const [, title = what, rest = ''] = FIRST_SENTENCE.exec(what) ?? [];
  return { title, message: joined(rest, next, money) };
}

/** The last sentence: what is known about the bill, or that nothing happened. */
function moneySentence(detail: ErrorDetail, billing: Billing, amount: string | null): string {
  if (detail.kind === 'library-incomplete') return 'Nothing was changed.';
  return isCapDetail(detail) ? notSent('').trim() : billingSentence(billing, amount);
}

/** Of a job with several requests: the outcomes are the heading if they differ. */
function jobParts(facts: ErrorFacts, requests: readonly RequestCount[]): { title: string; message: string } {
  const { what, next } = jobCause(facts);
  const outcomes = `${requestCountsLabel(requests)}.`;
  const unknown = unknownOutcomeSentence(requests);
  return requests.length === 1
    ? { title: what, message: joined(next, outcomes, unknown) }
    : { title: outcomes, message: joined(what, next, unknown) };
}

/** Why a job ended as it did, without a word about what was sent or billed: that differs between its requests. */
function jobCause({ detail, message, ...facts }: ErrorFacts): ErrorText {
  // The text of an earlier release ends with a sentence about one request's bill.
  if (!detail) return say(FIRST_SENTENCE.exec(message)?.[1] ?? message);
  switch (detail.kind) {
    case 'stopped-before-sending':
    case 'stopped-while-rate-limited':
      return say(detail.by === 'user' ? 'You stopped this job.' : 'Emulsion quit before this job ended.');
    case 'stopped-after-sending':
      return say('You stopped this job.');
    case 'quit-after-sending':
    case 'quit-before-saving':
      return say('Emulsion quit before this job ended.');
    case 'rate-limited-too-long':
      return { ...errorText(detail), next: 'Retry later.' };
    default:
      return errorText(detail, facts);
  }
}

/** Refused before sending, to ask the person. */
function isCapDetail({ kind }: ErrorDetail): boolean {
  return kind === 'cap-reached' || kind === 'cap-unknown';
}

const FIRST_SENTENCE = /^(.+?[.?])\s+(.+)$/su;

function joined(...sentences: string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** What happened and what to do, without a word about money. */
export function errorText(
  detail: ErrorDetail,
  { notes, unfetched }: Pick<ErrorFacts, 'notes' | 'unfetched'> = {},
): ErrorText {
  // The switch over the kinds is this table; TypeScript does not connect the key with the argument's type.
  const text = (DETAIL_TEXTS[detail.kind] as (detail: ErrorDetail) => ErrorText)(detail);
  if (unfetched) return { ...text, next: unfetchedSentence(unfetched) };
  if (notes?.includes('unsaved'))
    return { ...text, next: 'What arrived couldn’t be saved yet; it’s kept and will be saved as soon as possible.' };
  return notes?.includes('slept') ? { ...text, next: 'The computer went to sleep during the request.' } : text;
}

function unfetchedSentence(count: number): string {
  return count === 1
    ? 'The image’s URL is in Details: open it soon, it may expire within an hour.'
    : `The URLs of ${count} images are in Details: open them soon, they may expire within an hour.`;
}

/** A rate limit that the person decides about. @param until the moment that the server named, as text */
export function rateLimitHoldText(server: string, until: string, isPast: boolean): ErrorText {
  const what = isPast
    ? `${server} limits requests and names a time in the past, ${until}.`
    : `${server} asks to wait until ${until}.`;
  return say(what, 'Nothing is sent to it until you choose. The refused requests weren’t billed.');
}

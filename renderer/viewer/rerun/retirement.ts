import { findModel } from '../../../electron/contract/catalogue/models.ts';
/** A model that OpenAI has shut down or will shut down soon. */
export interface Retirement {
  model: string;
  /** A sentence with the date. */
  words: string;
  successor: string | null;
}

const DAY = 86_400_000;
/** The notice is shown from this many days before the shutdown. */
const NOTICE_DAYS = 60;
const dated = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

/** Whether a model is shut down or will be within 60 days; null where neither is so or nothing is known. */
export function retirementOf(name: string, now: number): Retirement | null {
  const { shutdown, successor } = findModel(name);
  if (shutdown === null) return null;
  const at = Date.parse(shutdown);
  const days = Math.ceil((at - now) / DAY);
  if (days > NOTICE_DAYS) return null;
  const date = dated.format(at);
  const when = days > 0 ? `shuts down at OpenAI on ${date}, ${inDays(days)}` : `was shut down at OpenAI on ${date}`;
  return { model: name, successor, words: `${name} ${when}.` };
}

function inDays(days: number): string {
  return days === 1 ? 'tomorrow' : `in ${days} days`;
}

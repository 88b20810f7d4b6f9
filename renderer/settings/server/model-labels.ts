import { MODELS } from '../../../electron/contract/catalogue/models.ts';

const DAY_MS = 86_400_000;
const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
const long = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });

interface KnownModel {
  name: string;
  /** "Current", or the shutdown date. */
  state: string;
  /** Whether a shutdown is announced or past. */
  leaving: boolean;
}

/** Splits a server's models into known image models, in catalogue order, and all others. */
export function sortModels(names: readonly string[], now: number): { known: KnownModel[]; others: string[] } {
  const offered = new Set(names);
  const known = MODELS.filter((model) => offered.has(model.name)).map(({ name, shutdown }) => ({
    name,
    state: shutdown ? shutdownLabel(shutdown, now) : 'Current',
    leaving: shutdown !== null,
  }));
  const listed = new Set(known.map((model) => model.name));
  return { known, others: names.filter((name) => !listed.has(name)).sort((a, b) => a.localeCompare(b, 'en')) };
}

/** Label for a shutdown at OpenAI (ISO date), relative to `now`: "Shuts down 1 Dec, in 9 days". */
export function shutdownLabel(date: string, now: number): string {
  const days = Math.ceil((Date.parse(date) - now) / DAY_MS);
  if (days <= 0) return `Shut down at OpenAI on ${long.format(Date.parse(date))}`;
  return `Shuts down ${short.format(Date.parse(date))}, ${days === 1 ? 'tomorrow' : `in ${days} days`}`;
}

import type { Micros } from '../../electron/contract/money.ts';
import type { Uncertain } from '../../electron/contract/spending.ts';

/** Requests of unknown cost that ended alike. */
export interface UncertainGroup {
  name: string;
  requests: number;
  /** The most that they can have cost together; null where that is not known of one of them. */
  most: Micros | null;
}

const NAMES: Partial<Record<NonNullable<Uncertain['code']>, string>> = {
  'timed-out': 'Timed out',
  interrupted: 'Interrupted',
  cancelled: 'Stopped',
  'connection-lost': 'Cut off',
  'answer-cut': 'Cut off',
};

function nameOf({ code, state }: Uncertain): string {
  if (code === null) return state === 'done' ? 'Not priced' : 'Failed';
  return NAMES[code] ?? 'Failed';
}

/** By how they ended, the most numerous first. */
export function groupUncertain(uncertain: readonly Uncertain[]): UncertainGroup[] {
  const groups = Map.groupBy(uncertain, nameOf);
  return [...groups]
    .map(([name, members]) => ({ name, requests: members.length, most: mostOf(members) }))
    .sort((one, other) => other.requests - one.requests || one.name.localeCompare(other.name));
}

/** The most of all of them together; null where it is not known of one. */
export function mostOf(uncertain: readonly Uncertain[]): Micros | null {
  return uncertain.reduce<Micros | null>((sum, { most }) => (sum === null || most === null ? null : sum + most), 0);
}

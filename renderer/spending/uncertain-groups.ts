import type { Micros } from '../../electron/contract/entities/money.ts';
import type { UncertainCost } from '../../electron/contract/entities/spending.ts';

/** Requests of unknown cost that ended alike. */
export interface UncertainGroup {
  name: string;
  requests: number;
  /** Those of them of which nothing is known. */
  unknown: number;
  /** The most that they can have cost together, as far as that is known; null where it is known of none. */
  max: Micros | null;
}

const NAMES: Partial<Record<NonNullable<UncertainCost['code']>, string>> = {
  'timed-out': 'Timed out',
  interrupted: 'Interrupted',
  cancelled: 'Stopped',
  'connection-lost': 'Interrupted',
  'answer-cut': 'Interrupted',
};

function nameOf({ code, state }: UncertainCost): string {
  if (code === null) return state === 'done' ? 'Unpriced' : 'Failed';
  return NAMES[code] ?? 'Failed';
}

/** By how they ended, the most numerous first. */
export function groupUncertain(uncertain: readonly UncertainCost[]): UncertainGroup[] {
  const groups = Map.groupBy(uncertain, nameOf);
  return [...groups]
    .map(([name, members]) => ({
      name,
      requests: members.length,
      unknown: members.filter(({ max }) => max === null).length,
      max: upperBoundOf(members),
    }))
    .sort((one, other) => other.requests - one.requests || one.name.localeCompare(other.name));
}

/** The most that they can have cost together, as far as that is known; null where it is known of none. */
export function upperBoundOf(uncertain: readonly UncertainCost[]): Micros | null {
  return uncertain.reduce<Micros | null>((sum, { max }) => (max === null ? sum : (sum ?? 0) + max), null);
}

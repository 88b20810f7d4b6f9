import type { Micros } from '../../electron/contract/entities/money.ts';
import type { UncertainCost } from '../../electron/contract/entities/spending.ts';

/** Requests of unknown cost with the same outcome. */
export interface UncertainGroup {
  name: string;
  requests: number;
  /** How many have no upper limit. */
  unknown: number;
  /** Sum of their known upper limits, in micro-dollars; null if none is known. */
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

/** Groups by outcome, largest first. */
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

/** Sum of their known upper limits, in micro-dollars; null if none is known. */
export function upperBoundOf(uncertain: readonly UncertainCost[]): Micros | null {
  return uncertain.reduce<Micros | null>((sum, { max }) => (max === null ? sum : (sum ?? 0) + max), null);
}

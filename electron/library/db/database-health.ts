import type Database from 'better-sqlite3';
import type { StudioError } from '../../contract/errors/errors.ts';

/** What was found out about a database since it was opened. */
export interface DatabaseHealth {
  /** The first error that says that the database is damaged; null if nothing was found. Stays until the library is opened again. */
  readonly damage: StudioError | null;
  /** Records damage that a query or the check at the start found. */
  report(damage: StudioError): void;
  /** Calls back once, when damage is found first. The returned function unsubscribes. */
  onDamage(listener: (damage: StudioError) => void): () => void;
}

const known = new WeakMap<Database.Database, DatabaseHealth>();

/** The health of an open database. */
export function databaseHealth(db: Database.Database): DatabaseHealth {
  const health = known.get(db) ?? createHealth();
  known.set(db, health);
  return health;
}

function createHealth(): DatabaseHealth {
  const listeners = new Set<(damage: StudioError) => void>();
  let first: StudioError | null = null;
  return {
    get damage() {
      return first;
    },
    report(damage) {
      if (first) return;
      first = damage;
      for (const listener of listeners) listener(damage);
    },
    onDamage(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** Values that build/vitest.config.ts passes to the tests. */
declare module 'vitest' {
  interface ProvidedContext {
    /** Seed of the property tests; null: a new one for each run. */
    seed: number | null;
    requestsPerFailure: number;
    /** Whether the slow cases of `tests/servers` run too. */
    allServers: boolean;
    /** How far faketime has moved the date, ms. */
    dateOffset: number;
  }
}

export {};

const RUNS = 5;

/** Milliseconds of the quickest of a few runs: on a busy machine any of them may be interrupted, but hardly all. */
export function quickest(run: () => void): number {
  return Math.min(
    ...Array.from({ length: RUNS }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    }),
  );
}

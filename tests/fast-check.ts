import fc from 'fast-check';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the property tests; null: another one each time. */
    seed: number | null;
  }
}

const seed = inject('seed');
if (seed !== null) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

/** fast-check with the seed of this run: a run can be repeated, and a red one means that something changed. */
export default fc;

import fc from 'fast-check';
import { inject } from 'vitest';
import type {} from './provided-context.ts';

const seed = inject('seed');
if (seed !== null) fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

/** fast-check with the seed of this run, so that a failing run can be repeated. */
export default fc;

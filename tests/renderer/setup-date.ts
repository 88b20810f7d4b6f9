import { inject } from 'vitest';
import { moveDate } from '../move-date.ts';
import type {} from '../provided-context.ts';

const offset = inject('dateOffset');
if (offset !== 0) moveDate(offset);

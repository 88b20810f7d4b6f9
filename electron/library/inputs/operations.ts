import { defineOperation } from '../decoding/operation.ts';
import type { InputInspection } from './inspect-input.ts';

/* What a decoding process does with inputs. Only types are imported, as in `pixels/operations.ts`. */

export const INSPECT_INPUT = defineOperation<{ path: string }, InputInspection>({
  name: 'inspect-input',
  seconds: 60,
  lane: 'pixels',
});

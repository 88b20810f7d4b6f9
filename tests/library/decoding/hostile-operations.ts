import { defineOperation } from '../../../electron/library/decoding/operation.ts';

export const ECHO = defineOperation<string, { words: string; pid: number }>({
  name: 'echo',
  seconds: 30,
  lane: 'pixels',
});
export const HANG = defineOperation<null, never>({ name: 'hang', seconds: 0.3, lane: 'pixels' });
/** Waits in silence, as a thread in native code. */
export const SLEEP = defineOperation<null, never>({ name: 'sleep', seconds: 100, lane: 'edits' });
export const CRASH = defineOperation<null, never>({ name: 'crash', seconds: 30, lane: 'pixels' });
export const DEVOUR = defineOperation<null, never>({ name: 'devour', seconds: 60, lane: 'edits' });
export const REFUSE = defineOperation<{ as: 'studio' | 'system' }, never>({
  name: 'refuse',
  seconds: 30,
  lane: 'pixels',
});

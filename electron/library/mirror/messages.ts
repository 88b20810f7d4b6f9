import type { SentError } from '../decoding/messages.ts';
import type { MirrorPass } from './mirror-images.ts';
import type { MirrorProblem } from './mirror-problem.ts';

/** From the mirror's thread. The last message is one of the last three. */
export type FromMirrorThread =
  | { kind: 'progress'; done: number; total: number; failed: number }
  | { kind: 'ended'; pass: MirrorPass }
  | { kind: 'stopped'; problem: MirrorProblem }
  | { kind: 'failed'; error: SentError };

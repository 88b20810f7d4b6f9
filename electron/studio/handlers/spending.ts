import { notYet } from './not-yet.ts';
import type { Group, Rooms } from './rooms.ts';

export function spendingHandlers(_rooms: Rooms): Group<'spending'> {
  return {
    'spending.history': () => notYet(),
    'spending.read': () => notYet(),
    'spending.lines': () => notYet(),
  };
}

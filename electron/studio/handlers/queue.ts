import { notYet } from './not-yet.ts';
import type { Group, Rooms } from './rooms.ts';

export function queueHandlers(_rooms: Rooms): Group<'queue'> {
  return {
    'queue.get': () => notYet(),
    'queue.pause': () => notYet(),
  };
}

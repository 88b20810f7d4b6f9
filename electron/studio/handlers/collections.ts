import { notYet } from './not-yet.ts';
import type { Group, Rooms } from './rooms.ts';

export function collectionHandlers(_rooms: Rooms): Group<'collections'> {
  return {
    'collections.list': () => notYet(),
    'collections.create': () => notYet(),
    'collections.put': () => notYet(),
  };
}

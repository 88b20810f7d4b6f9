import type { Group, Rooms } from './rooms.ts';

export function strictHandlers(_rooms: Rooms): Group<'strict'> {
  return {
    'strict.make': () => {
      throw new Error('Not there yet.');
    },
  };
}

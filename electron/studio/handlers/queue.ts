import type { Group, Rooms } from './context.ts';

export function queueHandlers({ queue }: Rooms): Group<'queue'> {
  return {
    'queue.get': () => queue.state(),
    'queue.pause': ({ paused }) => queue.pause(paused),
  };
}

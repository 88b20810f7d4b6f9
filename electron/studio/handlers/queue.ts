import type { HandlerGroup, HandlerContext } from './context.ts';

export function queueHandlers({ queue }: HandlerContext): HandlerGroup<'queue'> {
  return {
    'queue.get': () => queue.state(),
    'queue.checkStorage': () => queue.checkStorage(),
    'queue.tryNow': ({ profileId }) => queue.tryNow(profileId),
    'queue.stopHeld': ({ profileId }) => queue.stopHeld(profileId),
    'queue.setPaused': ({ paused }) => queue.pause(paused),
  };
}

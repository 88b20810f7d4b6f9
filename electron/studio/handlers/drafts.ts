import type { Group, Rooms } from './rooms.ts';

export function draftHandlers(_rooms: Rooms): Group<'drafts'> {
  const later = (): never => {
    throw new Error('Not there yet.');
  };
  return {
    'drafts.list': later,
    'drafts.save': later,
    'drafts.remove': later,
    'drafts.steps': later,
    'drafts.putSteps': later,
    'drafts.jobs': later,
  };
}

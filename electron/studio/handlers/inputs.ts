import { notYet } from './not-yet.ts';
import type { Group, Rooms } from './rooms.ts';

export function inputHandlers(_rooms: Rooms): Group<'inputs'> {
  return {
    'inputs.fromPicture': () => notYet(),
    'inputs.describe': () => notYet(),
    'inputs.prepare': () => notYet(),
    'inputs.fitMask': () => notYet(),
  };
}

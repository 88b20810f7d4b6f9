import type { Handlers } from '../dispatch.ts';
import { hostHandlers } from './host.ts';
import { jobHandlers } from './jobs.ts';
import { libraryHandlers } from './library.ts';
import { profileHandlers } from './profiles.ts';
import type { Rooms } from './rooms.ts';
import { settingsHandlers } from './settings.ts';

/** All handlers, one file for each group of endpoints. */
export function createHandlers(rooms: Rooms): Handlers {
  return {
    ...hostHandlers(rooms),
    ...settingsHandlers(rooms),
    ...profileHandlers(rooms),
    ...jobHandlers(rooms),
    ...libraryHandlers(rooms),
  };
}

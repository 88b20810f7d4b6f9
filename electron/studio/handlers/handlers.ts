import type { StudioEvent } from '../../contract/events.ts';
import type { Queue } from '../../jobs/queue.ts';
import type { Library } from '../../library/library.ts';
import type { Preferences } from '../../preferences/preferences.ts';
import type { Connections } from '../connections.ts';
import type { Handlers } from '../dispatch.ts';
import type { StudioOptions } from '../studio.ts';
import { hostHandlers } from './host.ts';
import { jobHandlers } from './jobs.ts';
import { libraryHandlers } from './library.ts';
import { profileHandlers } from './profiles.ts';
import { settingsHandlers } from './settings.ts';

/** What handlers work with. */
export interface Rooms {
  options: StudioOptions;
  preferences: Preferences;
  library: Library;
  queue: Queue;
  connections: Connections;
  announce(event: StudioEvent): void;
  /** Aborted when the studio closes. */
  ending: AbortSignal;
}

/** The handlers of one group of endpoints. */
export type Group<G extends string> = Pick<Handlers, Extract<keyof Handlers, `${G}.${string}`>>;

export function createHandlers(rooms: Rooms): Handlers {
  return {
    ...hostHandlers(rooms),
    ...settingsHandlers(rooms),
    ...profileHandlers(rooms),
    ...jobHandlers(rooms),
    ...libraryHandlers(rooms),
  };
}

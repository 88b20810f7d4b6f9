import type { Log } from '../../contract/errors/errors.ts';
import type { StudioEvent } from '../../contract/events.ts';
import type { JobService } from '../../jobs/job-service.ts';
import type { Library } from '../../library/library.ts';
import type { Preferences } from '../../preferences/preferences.ts';
import type { Connections } from '../profiles/connections.ts';
import type { Handlers } from './dispatch.ts';
import type { StudioOptions } from '../studio-options.ts';

/** What handlers work with. */
export interface HandlerContext {
  options: StudioOptions;
  preferences: Preferences;
  library: Library;
  queue: JobService;
  connections: Connections;
  emit(event: StudioEvent): void;
  log: Log;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Aborted when the studio closes. */
  ending: AbortSignal;
}

/** The handlers of one group of endpoints. */
export type HandlerGroup<G extends string> = Pick<Handlers, Extract<keyof Handlers, `${G}.${string}`>>;

import type { Outcome } from '../contract/api.ts';
import type { Job } from '../contract/entities/jobs.ts';
import type { StudioEvent } from '../contract/events.ts';
import { startDemoWorker } from '../demo-api/launch.ts';
import { trustAlso } from '../images-api/transport/trust.ts';
import { damagedColumns } from '../library/library.ts';
import { createCallTimes, watchStalls } from '../log/log.ts';
import { openPreferences } from '../preferences/preferences.ts';
import { closeInTime } from './close-in-time.ts';
import { CurrentLibrary } from './current-library.ts';
import type { LibrarySwitch } from './handlers/context.ts';
import { openSession } from './library-session.ts';
import { createConnections } from './profiles/connections.ts';
import { withSnapshot } from './replace-database.ts';
import type { StudioOptions } from './studio-options.ts';

export type { StudioOptions } from './studio-options.ts';

/** The application without a host. */
export interface Studio {
  /** Folder of the open library, which may be another one later. */
  readonly libraryFolder: string;
  /** Validates, calls the handler, and turns what is thrown into data. Never rejects. */
  dispatch(endpoint: string, payload: unknown): Promise<Outcome>;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Serves GET and HEAD below `/images/`. */
  serveImage(request: Request): Promise<Response>;
  /** Serves GET of `/index/<view>/shape`: see `serve-view-shape.ts`. */
  serveViewShape(request: Request): Promise<Response>;
  /** Handles `POST /inputs?name=…`, whose body is a file: see `receive-upload.ts`. */
  receiveInput(request: Request): Promise<Response>;
  /** The computer is about to sleep: nothing new is sent. */
  suspend(): void;
  /** The computer is awake: sending resumes after a delay. */
  resume(): void;
  /** Queued and running jobs, which quitting would interrupt. */
  unfinishedJobs(): Job[];
  /** Opens this library folder at the next start. @throws StudioError `disk-full`, `disk-unwritable` */
  rememberLibrary(folder: string): Promise<void>;
  /** Stops running jobs, records their ends and closes the library. Waits five seconds at most. */
  close(): Promise<void>;
}

/**
 * Opens preferences, library and queue. Jobs that an earlier run left unfinished are marked as interrupted first.
 * @throws StudioError `library-locked`, `library-newer`, `library-damaged`, `library-incomplete`, `disk-unwritable`, `disk-full`; a
 *   `RefusedLibrary` where a snapshot may help
 */
export async function createStudio(options: StudioOptions): Promise<Studio> {
  const listeners = new Set<(event: StudioEvent) => void>();
  const emit = (event: StudioEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const log = options.log.error;
  const calls = createCallTimes(options.log);
  const stopStallWatch = watchStalls(options.log, calls);
  const preferences = await openPreferences({
    folder: options.preferencesFolder,
    cipher: options.cipher,
    environment: options.environment,
    demo: options.demo,
  });
  for (const { field, copy } of preferences.damage)
    log(`Damaged in the settings: ${field}. Copy: ${copy ?? 'none'}`, null);
  const logDamage = (damage: unknown): void => log('A stored value can’t be read', damage);
  damagedColumns.subscribe(logDamage);
  trustAlso(preferences.trustedPem);
  const stopWatching = (): void => {
    stopStallWatch();
    damagedColumns.unsubscribe(logDamage);
  };
  const connections = createConnections(preferences, () => startDemoWorker({ imports: options.demoImports ?? [] }));
  const libraries: LibrarySwitch = {
    switchTo: (folder) => current.switchTo(folder),
    whileClosed: (work, run) => current.whileClosed(work, run),
  };
  const folder = options.libraryFolder ?? preferences.libraryFolder ?? options.defaultLibraryFolder;
  const current = await CurrentLibrary.open(
    {
      open: (request) => openSession({ options, preferences, connections, calls, log, libraries }, request),
      emit,
    },
    { folder, openAnyway: options.openAnyway, rebuild: options.rebuild, restore: options.restore },
  ).catch(async (thrown: unknown) => {
    stopWatching();
    throw await withSnapshot(thrown, folder, options.restore?.snapshot ?? null);
  });

  const closeInOrder = async (): Promise<void> => {
    stopWatching();
    await current.close();
    await Promise.all([connections.close(), preferences.close()]);
    listeners.clear();
  };

  return {
    get libraryFolder() {
      return current.session.folder;
    },
    dispatch: (endpoint, payload) => current.dispatch(endpoint, payload),
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    serveImage: async (request) => (await current.ready()).serveImage(request),
    serveViewShape: async (request) => (await current.ready()).serveViewShape(request),
    receiveInput: async (request) => (await current.ready()).receiveInput(request),
    suspend: () => current.session.suspend(),
    resume: () => current.session.resume(),
    unfinishedJobs: () => current.session.unfinishedJobs(),
    rememberLibrary: (folder) => preferences.setLibraryFolder(folder),
    close: () => closeInTime(closeInOrder, log),
  };
}

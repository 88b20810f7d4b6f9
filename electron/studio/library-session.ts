import type { Outcome } from '../contract/api.ts';
import type { Job } from '../contract/entities/jobs.ts';
import { isOpen, type Run } from '../contract/entities/runs.ts';
import type { StudioEvent } from '../contract/events.ts';
import { findPrices } from '../contract/entities/money.ts';
import type { Log } from '../contract/errors/errors.ts';
import { SYSTEM_CLOCK } from '../jobs/clock.ts';
import { createJobService } from '../jobs/job-service.ts';
import { priceKeptResponses, recoverJobs } from '../jobs/recover-jobs.ts';
import type { Pricing } from '../jobs/request-cost.ts';
import { backfill } from '../library/backfill.ts';
import { checkLibrary } from '../library/check/check-library.ts';
import { watchFreeSpace } from '../library/files/free-space.ts';
import { findSharedFolder } from '../library/files/shared-folder.ts';
import { Imports } from '../library/import/imports.ts';
import { WatchedFolder } from '../library/import/watched-folder.ts';
import { startImageIndex } from '../library/index/image-index.ts';
import { SmartTotals } from '../library/index/smart-totals.ts';
import { databaseHealth, logRecovery, requireAnything } from '../library/library.ts';
import { finishRemovals } from '../library/order/removals.ts';
import { LibraryChecks } from '../library/repairs/library-checks.ts';
import { LibraryRuns } from '../library/runs/library-runs.ts';
import { rewriteSidecars } from '../library/sidecars/outdated-sidecars.ts';
import { keepDailySnapshots } from '../library/snapshots/daily-snapshots.ts';
import { findUnlisted, unlistedOriginals } from '../library/unlisted-originals.ts';
import type { CallTimes } from '../log/log.ts';
import type { Preferences } from '../preferences/preferences.ts';
import { hasHeldImages } from '../preferences/used-libraries.ts';
import type { LibrarySwitch } from './handlers/context.ts';
import { createDispatch } from './handlers/dispatch.ts';
import { emitImageChanged } from './handlers/emit-image-changed.ts';
import { createHandlers } from './handlers/handlers.ts';
import { readSettings } from './handlers/read-settings.ts';
import { openChanges } from './open-changes.ts';
import { openMirror } from './open-mirror.ts';
import { openWhatIsThere } from './open-what-is-there.ts';
import type { Connections } from './profiles/connections.ts';
import { rememberWithImages } from './remember-library.ts';
import { replaceDatabase } from './replace-database.ts';
import { receiveUpload } from './routes/receive-upload.ts';
import { serveImage } from './routes/serve-image.ts';
import { serveViewShape } from './routes/serve-view-shape.ts';
import type { StudioOptions } from './studio-options.ts';

/** What outlives a library: the application's, whichever library is open. */
export interface SessionContext {
  options: StudioOptions;
  preferences: Preferences;
  connections: Connections;
  calls: CallTimes;
  log: Log;
  /** Opens another library, or the same one again: see `current-library.ts`. */
  libraries: LibrarySwitch;
}

/** Which library to open, and how. */
export interface LibraryRequest {
  folder: string;
  /** Although its database is missing or older than its files. */
  openAnyway?: boolean | undefined;
  /** After its database was rebuilt from its records. */
  rebuild?: StudioOptions['rebuild'];
  /** After a snapshot took its database's place. */
  restore?: StudioOptions['restore'];
}

/** One open library with everything that works on it: queue, index, changes, runs and the handlers of calls. */
export interface LibrarySession {
  readonly folder: string;
  /** Validates, calls the handler, and turns what is thrown into data. Never rejects. */
  dispatch(endpoint: string, payload: unknown): Promise<Outcome>;
  /** Calls back for every event of this library until the returned function is called, or the session is closed. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  serveImage(request: Request): Promise<Response>;
  serveViewShape(request: Request): Promise<Response>;
  receiveInput(request: Request): Promise<Response>;
  suspend(): void;
  resume(): void;
  /** Queued and running jobs. */
  unfinishedJobs(): Job[];
  /** Imports, exports and other long work that goes on. */
  openRuns(): Run[];
  /** Stops jobs and runs, records their ends and closes the library. Takes as long as it takes. */
  close(): Promise<void>;
}

/**
 * Opens a library. Jobs that an earlier run left unfinished are marked as interrupted first.
 * @throws StudioError `library-locked`, `library-newer`, `library-damaged`, `library-incomplete`, `disk-unwritable`, `disk-full`
 */
export async function openSession(context: SessionContext, request: LibraryRequest): Promise<LibrarySession> {
  const { options, preferences, connections, calls, log } = context;
  const listeners = new Set<(event: StudioEvent) => void>();
  const emit = (event: StudioEvent): void => {
    if (event.type === 'settings')
      for (const { id, concurrency } of event.settings.profiles) queue.setConcurrency(id, concurrency);
    for (const listener of listeners) listener(event);
  };
  const subscribe = (listener: (event: StudioEvent) => void): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  const { folder, openAnyway = false } = request;
  await replaceDatabase(folder, request);
  if (!openAnyway && (await hasHeldImages(options.preferencesFolder, folder))) await requireAnything(folder);
  const library = await openWhatIsThere(options, folder, openAnyway);
  const isReadOnly = library.readOnlyFolder !== null;
  logRecovery(library, log);
  const pricing: Pricing = {
    findPrices: (model) => findPrices(model, preferences.prices).prices,
    monthlyCap: () => preferences.monthlyCap,
  };
  try {
    recoverJobs(library, pricing, Date.now());
  } catch (thrown) {
    // A damaged page must not keep the rest of the library closed. What was unfinished stays so until the next start.
    log('What the last session left unfinished could not be ended', thrown);
  }
  const queue = createJobService({
    library,
    connect: connections.connect,
    pricing,
    emit,
    log,
    requestLog: options.log,
  });
  const health = databaseHealth(library.db);
  const stopHealth = health.onDamage((damage) => {
    log('The library’s database is damaged; nothing new is sent', damage);
    // After the query that found it has failed: a listener must not see its half-done work.
    setImmediate(() => emit({ type: 'settings', settings: readSettings(preferences, library) }));
  });
  const remembered = rememberWithImages(options.preferencesFolder, library, { subscribe, log });
  const index = startImageIndex(library, {
    onStatus(status) {
      emit({ type: 'index', status });
      if (status.ready) smart.update();
    },
    log,
  });
  const smart = new SmartTotals({
    index,
    clock: SYSTEM_CLOCK,
    changed: () => emit({ type: 'order' }),
    failed: (thrown) => log('Smart collections could not be counted', thrown),
  });
  // Whatever was written, one of these follows.
  const stopRefreshing = subscribe(({ type }) => {
    if (type !== 'index') index.refresh();
  });
  const ending = new AbortController();
  const { signal } = ending;
  const failed = (thrown: unknown): void => log('Something left undone could not be done', thrown);
  const checked = checkLibrary(library, {
    signal,
    checked: ({ damage, incompleteSidecars }, ms) => {
      options.log.info(
        damage.length === 0
          ? `The library’s database was checked in ${Math.round(ms)} ms: no damage`
          : `The library’s database is damaged: ${damage.join('; ')}`,
      );
      return isReadOnly ? undefined : rewriteSidecars(library, incompleteSidecars, failed);
    },
    failed: (thrown) => log('The library’s database could not be checked', thrown),
  });
  /** What is left undone in a library that can't be written. */
  const writing = (work: () => Promise<void>): Promise<void> => (isReadOnly ? Promise.resolve() : work());
  const backfilled = writing(async () => {
    await priceKeptResponses(library, pricing, { failed, signal });
    await backfill(library, {
      failed,
      onThumbnails: () => emit({ type: 'library' }),
      recomposited: (image) => emitImageChanged(queue, image, emit),
      signal,
    });
  });
  const cleared = writing(() =>
    finishRemovals(library, () => signal.aborted).then((failures) => failures.forEach(failed), failed),
  );
  const compare = (): Promise<void> => {
    const before = unlistedOriginals(library);
    return findUnlisted(library, signal).then((unlisted) => {
      if (unlisted)
        log(`The library doesn’t list ${unlisted.count} image files in its folder: ${unlisted.files.join(', ')}`, null);
      if (unlisted !== before && !signal.aborted)
        emit({ type: 'settings', settings: readSettings(preferences, library) });
    }, failed);
  };
  const compared = compare();
  const looked = writing(() =>
    findSharedFolder(library).then((shared) => {
      if (!shared) return;
      options.log.info(`The library’s folder is shared: ${shared}`);
      emit({ type: 'settings', settings: readSettings(preferences, library) });
    }, failed),
  );
  const watched = writing(() =>
    watchFreeSpace(library, {
      signal,
      changed: () => emit({ type: 'settings', settings: readSettings(preferences, library) }),
    }),
  );
  const copied = writing(() =>
    keepDailySnapshots(library, {
      signal,
      now: () => Date.now(),
      failed: (thrown) => log('The daily snapshot of the database could not be made', thrown),
    }),
  );
  const changes = openChanges({ library, index, emit, log, subscribe, ending: signal });
  const runs = new LibraryRuns({
    changed: (run) => emit({ type: 'run', run }),
    failed: (thrown) => log('Work on the library failed', thrown),
  });
  const imports = new Imports(library, runs, {
    added: () => emit({ type: 'library' }),
    named: () => emit({ type: 'order' }),
    failed: (thrown) => log('An import left something undone', thrown),
  });
  const checks = new LibraryChecks(library, runs, {
    changed: () => emit({ type: 'library' }),
    listed: compare,
    failed: (thrown) => log('A file of the library could not be repaired', thrown),
  });
  const watching = writing(() =>
    new WatchedFolder({
      library,
      imports,
      state: () => preferences.watched,
      save: (state) => preferences.setWatched(state),
      changed: () => emit({ type: 'settings', settings: readSettings(preferences, library) }),
      failed: (thrown) => log('New images of the watched folder could not be imported', thrown),
    }).run(signal),
  );
  const { libraryMirror, ended: mirrored } = openMirror({ library, preferences, emit, log, subscribe, ending: signal });
  const handlers = createHandlers({
    features: options,
    preferences,
    library,
    index,
    smart,
    queue,
    connections,
    changes,
    runs,
    imports,
    checks,
    libraryMirror,
    libraries: context.libraries,
    preferencesFolder: options.preferencesFolder,
    emit,
    log,
    subscribe,
    ending: signal,
  });

  return {
    folder: library.readOnlyFolder ?? library.folder,
    dispatch: createDispatch(handlers, log, calls, isReadOnly),
    subscribe,
    serveImage: (request) => serveImage(library, request, log),
    serveViewShape: (request) => serveViewShape(index, request, log),
    receiveInput: (request) => receiveUpload(request, { library, imports, log }),
    suspend: () => queue.suspend(),
    resume() {
      queue.resume();
      smart.checkDay();
    },
    unfinishedJobs: () => queue.unfinished(),
    openRuns: () => runs.list().filter(isOpen),
    async close() {
      stopHealth();
      stopRefreshing();
      ending.abort();
      smart.close();
      // What is being decoded can be decoded at the next start.
      library.decoding.close();
      await Promise.all([
        queue.close(),
        changes.close(),
        Promise.all([runs.close(), watching]).then(() => imports.close()),
        backfilled,
        checked,
        copied,
        compared,
        looked,
        watched,
        cleared,
        mirrored,
        index.close(),
      ]);
      await remembered();
      library.close();
      listeners.clear();
    },
  };
}

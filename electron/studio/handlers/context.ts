import type { HostInfo } from '../../contract/entities/host.ts';
import type { RunId } from '../../contract/entities/ids.ts';
import type { Log } from '../../contract/errors/errors.ts';
import type { StudioEvent } from '../../contract/events.ts';
import type { JobService } from '../../jobs/job-service.ts';
import type { LogFile } from '../../log/log.ts';
import type { Imports } from '../../library/import/imports.ts';
import type { ImageIndex } from '../../library/index/image-index.ts';
import type { SmartTotals } from '../../library/index/smart-totals.ts';
import type { Library } from '../../library/library.ts';
import type { LibraryMirror } from '../../library/mirror/mirror-folder.ts';
import type { LibraryChecks } from '../../library/repairs/library-checks.ts';
import type { LibraryRuns } from '../../library/runs/library-runs.ts';
import type { LibraryChanges } from '../../library/order/library-changes.ts';
import type { Preferences } from '../../preferences/preferences.ts';
import type { Connections } from '../profiles/connections.ts';
import type { Handlers } from './dispatch.ts';

/** What the host (desktop or loopback) offers to handlers. */
export interface HostFeatures {
  host: HostInfo;
  log: LogFile;
  /** Shows a file in the system's file manager. Absolute path. */
  reveal?: (path: string) => Promise<void>;
  /** Moves a folder to the system's trash. Absolute path. @throws if the system refuses */
  trash?: (path: string) => Promise<void>;
  /** Shows a folder dialog; null when cancelled. */
  chooseLibrary?: () => Promise<string | null>;
  /** Shows a dialog to choose the folder of an export; null when cancelled. */
  chooseExportFolder?: () => Promise<string | null>;
  /** Shows a dialog to choose files or a folder to import; null when cancelled. */
  chooseImport?: (what: 'files' | 'folder') => Promise<string[] | null>;
}

/** What work on a closed library is given. */
export interface ClosedWork {
  /** Aborted when the person cancels its run. */
  signal: AbortSignal;
  /** @param name the step that it is in */
  progress(done: number, total: number, name?: string): void;
  /** A sentence for the person, shown once the library is open again. */
  say(sentence: string): void;
}

/** The run that work on a closed library is shown as. */
export interface ClosedRunOf {
  id: RunId;
  kind: 'rebuild' | 'restore';
}

/** Opens libraries while the application runs: see `current-library.ts`. */
export interface LibrarySwitch {
  switchTo(folder: string): Promise<void>;
  /** @param run what its progress is shown as */
  whileClosed(work: (folder: string, control: ClosedWork) => Promise<void>, run?: ClosedRunOf): Promise<void>;
}

/** What handlers work with. */
export interface HandlerContext {
  features: HostFeatures;
  preferences: Preferences;
  library: Library;
  index: ImageIndex;
  smart: SmartTotals;
  queue: JobService;
  connections: Connections;
  changes: LibraryChanges;
  runs: LibraryRuns;
  imports: Imports;
  checks: LibraryChecks;
  libraryMirror: LibraryMirror;
  libraries: LibrarySwitch;
  preferencesFolder: string;
  emit(event: StudioEvent): void;
  log: Log;
  /** Calls back for every event until the returned function is called. */
  subscribe(listener: (event: StudioEvent) => void): () => void;
  /** Aborted when the studio closes. */
  ending: AbortSignal;
}

/** The handlers of one group of endpoints. */
export type HandlerGroup<G extends string> = Pick<Handlers, Extract<keyof Handlers, `${G}.${string}`>>;

import type { Decoding } from '../library/library.ts';
import type { Rebuilt, RebuildOptions } from '../library/rebuild/rebuild-library.ts';
import type { Restored } from '../library/restore/restore-snapshot.ts';
import type { Restorable } from '../library/snapshots/find-restorable.ts';
import type { Cipher } from '../preferences/preferences.ts';
import type { HostFeatures } from './handlers/context.ts';

/** A snapshot to restore before a library is opened. */
interface RestoreAtStart {
  /** Null: the newest that can be restored. */
  snapshot: Restorable | null;
  /** Stops it, and nothing has changed then; without effect once the snapshot takes the database's place. */
  signal: AbortSignal;
  restored(report: Restored, snapshot: Restorable): void;
}

/** What a host (desktop, loopback) provides. */
export interface StudioOptions extends HostFeatures {
  /** Library folder given at start; null: the one in the settings, else the default. */
  libraryFolder: string | null;
  defaultLibraryFolder: string;
  preferencesFolder: string;
  /** Where received images are kept while the library's disk fails, the preferred folder first. */
  rescueFolders: readonly string[];
  /** Opens a library whose database is missing or older than its files; the person asked for it. */
  openAnyway?: boolean;
  /** Rebuilds the library's database from its records before it is opened; the person asked for it. */
  rebuild?: (RebuildOptions & { rebuilt(report: Rebuilt): void }) | undefined;
  /** Puts a snapshot in the place of the library's database before it is opened; the person asked for it. */
  restore?: RestoreAtStart | undefined;
  /** Encrypts keys for the disk; null: keys are kept in memory until the host quits. */
  cipher: Cipher | null;
  /** Environment variables, such as OPENAI_API_KEY. */
  environment: Record<string, string | undefined>;
  /** Uses the built-in demo server for this run instead of the chosen profile. */
  demo: boolean;
  /** Starts what decodes the files of one library, in processes that this host can start; without it, they are processes of Node. */
  startDecoding?: (() => Decoding) | undefined;
  /** Modules that the demo server's thread loads before anything else (Node's `--import`). */
  demoImports?: readonly string[];
}

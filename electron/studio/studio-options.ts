import type { HostInfo } from '../contract/entities/host.ts';
import type { LogFile } from '../log/log.ts';
import type { Cipher } from '../preferences/preferences.ts';

/** What a host (the desktop, loopback) brings. The studio itself knows no shell. */
export interface StudioOptions {
  /** The library that the person named when starting; null: the one chosen in the settings, or else the default. */
  libraryFolder: string | null;
  defaultLibraryFolder: string;
  preferencesFolder: string;
  /** Encrypts keys for the disk. null: keys are kept in memory until the host ends. */
  cipher: Cipher | null;
  /** Read for OPENAI_API_KEY and its kin. */
  environment: Record<string, string | undefined>;
  /** Use the built-in demo server for this run, whatever profile was chosen. */
  demo: boolean;
  host: HostInfo;
  /** Shows a file in the system's file manager. Absolute path. */
  reveal?: (path: string) => Promise<void>;
  /** Asks the person for a folder; null when they changed their mind. */
  chooseLibrary?: () => Promise<string | null>;
  /** Modules that the demo server's thread loads before anything else (Node's `--import`). */
  demoImports?: readonly string[];
  log: LogFile;
}

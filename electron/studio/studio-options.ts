import type { Cipher } from '../preferences/preferences.ts';
import type { HostFeatures } from './handlers/context.ts';

/** What a host (the desktop, loopback) brings. The studio itself knows no shell. */
export interface StudioOptions extends HostFeatures {
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
  /** Modules that the demo server's thread loads before anything else (Node's `--import`). */
  demoImports?: readonly string[];
}

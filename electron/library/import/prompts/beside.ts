import type { Timestamp } from '../../../contract/entities/ids.ts';
import type { FoundPrompt } from './found-prompt.ts';

/** What an export of another program says about one of its images, in a file beside them. */
export interface BesideImage {
  found: FoundPrompt | null;
  /** When it was made; null if it doesn't say. */
  at: Timestamp | null;
}

/** What an export says about its images. `name`: a file's path within the export, with slashes. */
export interface BesideFacts {
  of(name: string): BesideImage | null;
  /** Whether a file isn't one of its images, and is left out: a thumbnail, a page. */
  skips?(name: string): boolean;
}

export const NOTHING_BESIDE: BesideFacts = { of: () => null };

/** The files in which exports say it, at their top. */
export const BESIDE_FILES = ['conversations.json', 'manifest.json', 'emulsion.json'] as const;
/** Larger ones aren't read: parsing needs many times their size. */
export const MAX_BESIDE_BYTES = 128 * 1024 * 1024;

export const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

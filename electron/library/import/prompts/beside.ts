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

/** ChatGPT's conversations: one file, or since 2026 as many as it takes: `conversations-000.json`, `conversations-001.json`. */
const CONVERSATIONS = /^conversations(?:-\d{1,6})?\.json$/u;

/** Whether an export may say it in a file of this name, at its own top. */
export const isBesideName = (name: string): boolean =>
  name === 'manifest.json' || name === 'emulsion.json' || CONVERSATIONS.test(name);

/** Exports are found in folders this deep below what was chosen. */
export const MAX_EXPORT_DEPTH = 5;

/** The folder, with a slash behind it or '', of a file that may speak of the images in it; null for other files and those that are too deep. */
export function besideFolder(path: string): string | null {
  const folder = path.slice(0, path.length - baseName(path).length);
  return isBesideName(baseName(path)) && folder.split('/').length - 1 <= MAX_EXPORT_DEPTH ? folder : null;
}

/** Whether a file of this name speaks of images wherever it is; other programs have a `manifest.json` too. */
export const saysAlways = (name: string): boolean => CONVERSATIONS.test(name);

export const baseName = (name: string): string => name.slice(name.lastIndexOf('/') + 1);

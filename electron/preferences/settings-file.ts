import { join } from 'node:path';
import * as v from 'valibot';
import { ProfileIdSchema, THEMES } from '../contract/entities.ts';
import { readJsonFile, writeJsonFile, type JsonFile } from './json-file.ts';

const VERSION = 1;

const SavedProfileSchema = v.looseObject({
  id: ProfileIdSchema,
  name: v.string(),
  baseUrl: v.string(),
  organisation: v.nullable(v.string()),
  project: v.nullable(v.string()),
});
export type SavedProfile = v.InferOutput<typeof SavedProfileSchema>;

/** `settings.json`. Loose, so that a field of a later release of the same version survives this one. */
const SettingsFileSchema = v.looseObject({
  version: v.literal(VERSION),
  theme: v.picklist(THEMES),
  /** As chosen by the person; may name a profile that is not there at the moment. */
  profileId: v.nullable(ProfileIdSchema),
  /** Absolute, or null for the host's own choice. */
  libraryFolder: v.nullable(v.string()),
  profiles: v.array(SavedProfileSchema),
});
export type SettingsFile = v.InferOutput<typeof SettingsFileSchema>;

/** What holds where there is no file yet. */
export const DEFAULT_SETTINGS: SettingsFile = {
  version: VERSION,
  theme: 'system',
  profileId: null,
  libraryFolder: null,
  profiles: [],
};
const NAME = 'settings';

/** Settings from disk; see {@link readJsonFile} for missing, damaged and newer files. */
export async function readSettings(folder: string): Promise<JsonFile<SettingsFile>> {
  const path = join(folder, 'settings.json');
  return readJsonFile({ path, schema: SettingsFileSchema, version: VERSION, name: NAME });
}

/** Atomic; throws `disk-full` or `disk-unwritable`. */
export async function writeSettings(folder: string, settings: SettingsFile): Promise<void> {
  await writeJsonFile(join(folder, 'settings.json'), settings, NAME);
}

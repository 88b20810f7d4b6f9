import { join } from 'node:path';
import * as v from 'valibot';
import { ProfileIdSchema } from '../contract/entities/ids.ts';
import { MAX_CONCURRENCY } from '../contract/entities/profiles.ts';
import { ProxySchema, THEMES } from '../contract/entities/settings.ts';
import { OverridesSchema, ProbeReportSchema, SERVER_KINDS } from '../contract/catalogue/servers.ts';
import { readJsonFile, writeJsonFile, type JsonFile } from './json-file.ts';

const VERSION = 1;

/** May be missing, as in files of earlier releases, and counts as missing where it cannot be read: one bad field loses no profile. */
const lenient = <S extends v.GenericSchema>(schema: S) => v.fallback(v.optional(schema), undefined);

const SavedProfileSchema = v.looseObject({
  id: ProfileIdSchema,
  name: v.string(),
  baseUrl: v.string(),
  organisation: v.nullable(v.string()),
  project: v.nullable(v.string()),
  /** Missing: guessed from the address. */
  server: lenient(v.picklist(SERVER_KINDS)),
  apiVersion: lenient(v.nullable(v.string())),
  deployments: lenient(v.record(v.string(), v.string())),
  concurrency: lenient(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CONCURRENCY))),
  free: lenient(v.boolean()),
  overrides: lenient(OverridesSchema),
  found: lenient(v.nullable(ProbeReportSchema)),
});
export type SavedProfile = v.InferOutput<typeof SavedProfileSchema>;

/** What a probe found at a built-in profile, and the address that it belongs to. */
const BuiltInFindingsSchema = v.record(v.string(), v.strictObject({ baseUrl: v.string(), report: ProbeReportSchema }));

/** `settings.json`. Loose, so that a field of a later release of the same version survives this one. */
const SettingsFileSchema = v.looseObject({
  version: v.literal(VERSION),
  theme: v.picklist(THEMES),
  /** As chosen by the person; may name a profile that is not there at the moment. */
  profileId: v.nullable(ProfileIdSchema),
  /** Absolute, or null for the host's own choice. */
  libraryFolder: v.nullable(v.string()),
  profiles: v.array(SavedProfileSchema),
  /** Never with a password: that is among the secrets. */
  proxy: lenient(ProxySchema),
  /** Micro-dollars. */
  monthlyCap: lenient(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
  /** Rows of the price table. Each is read for itself, so that one bad row does not lose the others. */
  prices: lenient(v.array(v.unknown())),
  builtInFindings: lenient(BuiltInFindingsSchema),
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

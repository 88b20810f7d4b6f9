import { join } from 'node:path';
import * as v from 'valibot';
import { ProfileIdSchema } from '../contract/entities/ids.ts';
import { MAX_CONCURRENCY } from '../contract/entities/profiles.ts';
import { ProxySchema, THEMES } from '../contract/entities/settings.ts';
import { OverridesSchema, ProbeReportSchema, SERVER_KINDS } from '../contract/catalogue/servers.ts';
import { readJsonFile, writeJsonFile, type JsonFile } from './json-file.ts';

const VERSION = 1;

/** Optional, because earlier releases lack it; an invalid value counts as missing, so one bad field doesn't lose a profile. */
const lenient = <S extends v.GenericSchema>(schema: S) => v.fallback(v.optional(schema), undefined);

const SavedProfileSchema = v.looseObject({
  id: ProfileIdSchema,
  name: v.string(),
  baseUrl: v.string(),
  organisation: v.nullable(v.string()),
  project: v.nullable(v.string()),
  /** Missing: guessed from the base URL. */
  server: lenient(v.picklist(SERVER_KINDS)),
  apiVersion: lenient(v.nullable(v.string())),
  deployments: lenient(v.record(v.string(), v.string())),
  concurrency: lenient(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CONCURRENCY))),
  free: lenient(v.boolean()),
  overrides: lenient(OverridesSchema),
  found: lenient(v.nullable(ProbeReportSchema)),
});
export type SavedProfile = v.InferOutput<typeof SavedProfileSchema>;

/** Probe report of a built-in profile, and the base URL that it applies to. */
const BuiltInFindingsSchema = v.record(v.string(), v.strictObject({ baseUrl: v.string(), report: ProbeReportSchema }));

/** `settings.json`. Loose, so that fields of later releases with the same version are kept. */
const SettingsFileSchema = v.looseObject({
  version: v.literal(VERSION),
  theme: v.picklist(THEMES),
  /** The person's choice; the profile may not exist at the moment. */
  profileId: v.nullable(ProfileIdSchema),
  /** Absolute path; null: the host's default. */
  libraryFolder: v.nullable(v.string()),
  profiles: v.array(SavedProfileSchema),
  /** Without its password, which is in the secrets file. */
  proxy: lenient(ProxySchema),
  /** Micro-dollars. */
  monthlyCap: lenient(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
  /** Rows of the price table. Validated one by one, so that an invalid row doesn't lose the others. */
  prices: lenient(v.array(v.unknown())),
  builtInFindings: lenient(BuiltInFindingsSchema),
});
export type SettingsFile = v.InferOutput<typeof SettingsFileSchema>;

/** Settings if there is no file. */
export const DEFAULT_SETTINGS: SettingsFile = {
  version: VERSION,
  theme: 'system',
  profileId: null,
  libraryFolder: null,
  profiles: [],
};
const NAME = 'settings';

/** Reads the settings; see {@link readJsonFile} for missing, damaged and newer files. */
export async function readSettings(folder: string): Promise<JsonFile<SettingsFile>> {
  const path = join(folder, 'settings.json');
  return readJsonFile({ path, schema: SettingsFileSchema, version: VERSION, name: NAME });
}

/** Writes the settings atomically. @throws `disk-full` or `disk-unwritable` */
export async function writeSettings(folder: string, settings: SettingsFile): Promise<void> {
  await writeJsonFile(join(folder, 'settings.json'), settings, NAME);
}

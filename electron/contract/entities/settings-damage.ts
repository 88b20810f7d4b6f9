import * as v from 'valibot';
import { ProfileIdSchema } from './ids.ts';

/**
 * What couldn't be read in the settings or in the stored keys. `settings`, `keys`: (a part of) the file itself. `profile`: a whole entry.
 * The rest are fields of the settings, of a profile, or single stored keys.
 */
const DAMAGED_FIELDS = [
  'settings',
  'keys',
  'version',
  'theme',
  'profileId',
  'libraryFolder',
  'watched',
  'mirror',
  'proxy',
  'monthlyCap',
  'stripMetadata',
  'prices',
  'builtInFindings',
  'certificates',
  'profiles',
  'profile',
  'name',
  'baseUrl',
  'organisation',
  'project',
  'server',
  'apiVersion',
  'deployments',
  'concurrency',
  'free',
  'overrides',
  'found',
  'key',
] as const;
export type DamagedField = (typeof DAMAGED_FIELDS)[number];

/** One field that couldn't be read and was replaced. Shown until the person dismisses it. */
export const SettingsDamageSchema = v.strictObject({
  field: v.picklist(DAMAGED_FIELDS),
  /** The name of the profile or model that it belongs to, if known. */
  of: v.nullable(v.string()),
  /** The profile that it belongs to. */
  profileId: v.nullable(ProfileIdSchema),
  /** The copy of the file as it was; null if it couldn't be kept. */
  copy: v.nullable(v.string()),
});
export type SettingsDamage = v.InferOutput<typeof SettingsDamageSchema>;

/** Fields of a profile that decide where a request goes and who pays: the profile isn't used until they are entered again. */
export const DECISIVE_FIELDS: ReadonlySet<DamagedField> = new Set<DamagedField>(['baseUrl', 'organisation', 'project']);

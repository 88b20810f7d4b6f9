import { isAbsolute, join } from 'node:path';
import * as v from 'valibot';
import { ProfileIdSchema, type ProfileId } from '../contract/entities/ids.ts';
import { PriceRowSchema, type PriceRow } from '../contract/entities/money.ts';
import { SettingsDamageSchema, type DamagedField, type SettingsDamage } from '../contract/entities/settings-damage.ts';
import {
  MonthlyCapSchema,
  ProxySchema,
  SharedFolderSchema,
  THEMES,
  type MonthlyCap,
  type Proxy,
  type Theme,
} from '../contract/entities/settings.ts';
import { MirrorFolderSchema, type MirrorFolder } from '../contract/entities/mirror-folder.ts';
import { ProbeReportSchema, type ProbeReport } from '../contract/catalogue/servers.ts';
import { isCertificate, type StoredCertificates } from './certificate-file.ts';
import { keepDamagedCopy, readJsonFile, writeJsonFile } from './json-file.ts';
import type { ParsedJson } from './parse-json.ts';
import {
  isFields,
  readEntries,
  readField,
  readOptional,
  writableFields,
  type FieldDamage,
  type Fields,
} from './salvage.ts';
import { readProfiles, type SavedProfile } from './saved-profile.ts';

const VERSION = 1;

/** `settings.json`, with all fields that a later release of the same version has written there. */
export interface SettingsFile {
  version: typeof VERSION;
  theme: Theme;
  /** The person's choice; the profile may not exist at the moment. */
  profileId: ProfileId | null;
  /** Absolute path; null: the host's default. */
  libraryFolder: string | null;
  profiles: SavedProfile[];
  /** The folder from which new images are imported: an absolute path, and up to when its files were looked at, ms since 1970. */
  watched?: WatchedSetting | undefined;
  /** The folder to which images are copied. */
  mirror?: MirrorFolder | undefined;
  /** Without its password, which is in the secrets file. */
  proxy?: Proxy | undefined;
  monthlyCap?: MonthlyCap | undefined;
  stripMetadata?: boolean | undefined;
  prices?: PriceRow[] | undefined;
  /** By profile; and the base URL that a report applies to. */
  builtInFindings?: Record<string, { baseUrl: string; report: ProbeReport }> | undefined;
  /** Trusted besides Node's and the system's. */
  certificates?: StoredCertificates | undefined;
  /** Libraries in synced or network folders of which the person has read the warning, the newest last. */
  acceptedShares?: AcceptedShare[] | undefined;
  /** What couldn't be read, until the person dismisses it. Each `copy` is a file beside this one. */
  damage?: SettingsDamage[] | undefined;
  [later: string]: unknown;
}

/** Settings if there is no file. */
export const DEFAULT_SETTINGS: SettingsFile = {
  version: VERSION,
  theme: 'system',
  profileId: null,
  libraryFolder: null,
  profiles: [],
};
const NAME = 'settings';

/** The settings, and what in the file couldn't be read. */
export interface ReadSettings {
  content: SettingsFile;
  damage: FieldDamage[];
}

/**
 * Reads the settings field by field: a damaged field takes its value from `known`, and everything else stays. Null if there is no file.
 * @throws `unsupported-here` for a file of a newer version; `disk-unwritable` if it can't be read
 */
export async function readSettings(folder: string, known: SettingsFile | null = null): Promise<ReadSettings | null> {
  const read = (parsed: ParsedJson): ReadSettings => salvageSettings(parsed, known);
  return readJsonFile({ path: join(folder, 'settings.json'), version: VERSION, name: NAME, read });
}

/** Writes the settings atomically. @throws `disk-full` or `disk-unwritable` */
export async function writeSettings(folder: string, settings: SettingsFile): Promise<void> {
  await writeJsonFile(join(folder, 'settings.json'), settings, NAME);
}

/** Keeps a copy of the damaged file and returns its name. @throws `disk-full` or `disk-unwritable` */
export function keepDamagedSettings(folder: string): Promise<string> {
  return keepDamagedCopy(join(folder, 'settings.json'), NAME);
}

const WholePath = v.pipe(
  v.string(),
  v.maxLength(4096),
  v.check((path) => isAbsolute(path) && !path.includes('\0')),
);
const Folder = v.nullable(WholePath);
const Watched = v.strictObject({ folder: WholePath, since: v.pipe(v.number(), v.finite()) });
export type WatchedSetting = v.InferOutput<typeof Watched>;
const Mirror = v.strictObject({ ...MirrorFolderSchema.entries, folder: WholePath, paused: v.boolean() });
const AcceptedShareSchema = v.strictObject({ folder: WholePath, shared: SharedFolderSchema });
export type AcceptedShare = v.InferOutput<typeof AcceptedShareSchema>;
const BuiltInFinding = v.strictObject({ baseUrl: v.string(), report: ProbeReportSchema });

/** The settings of a parsed file, and its damage. */
function salvageSettings({ json, broken }: ParsedJson, known: SettingsFile | null): ReadSettings {
  const damage: FieldDamage[] = [];
  const report = (field: DamagedField): void => void damage.push({ field, of: null, profileId: null });
  if (broken || !isFields(json)) report('settings');
  // Nothing is left of the file.
  if (!isFields(json)) return { content: known ?? { ...DEFAULT_SETTINGS, monthlyCap: 'unknown' }, damage };
  const fields = writableFields(json);
  const profiles = readProfiles(fields.profiles, (found) => damage.push(found));
  const content: SettingsFile = {
    ...fields,
    version: readField([v.literal(VERSION), fields.version, 'version'], VERSION, report),
    theme: readField([v.picklist(THEMES), fields.theme, 'theme'], known?.theme ?? 'system', report),
    profileId: readField([v.nullable(ProfileIdSchema), fields.profileId, 'profileId'], profiles[0]?.id ?? null, report),
    libraryFolder: readField([Folder, fields.libraryFolder, 'libraryFolder'], known?.libraryFolder ?? null, report),
    profiles: Array.isArray(fields.profiles) ? profiles : (known?.profiles ?? []),
    proxy: readProxy(fields.proxy, report),
    monthlyCap: readCap(fields, { broken, known: known?.monthlyCap }, report),
    stripMetadata: readOptional([v.boolean(), fields.stripMetadata, 'stripMetadata'], report),
    watched: readOptional([Watched, fields.watched, 'watched'], report),
    mirror: readOptional([Mirror, fields.mirror, 'mirror'], report),
    prices: readPrices(fields.prices, (found) => damage.push(found)),
    builtInFindings: readEntries(fields.builtInFindings, 'builtInFindings', {
      read: (entry) => readOptional([BuiltInFinding, entry, 'builtInFindings'], () => undefined),
      report,
    }),
    certificates: readCertificates(fields.certificates, report),
    acceptedShares: readAcceptedShares(fields.acceptedShares),
    damage: readEarlierDamage(fields.damage),
  };
  return { content, damage };
}

/** A damaged cap is never off: Emulsion then asks. In a broken file a missing cap may be one that was lost. */
function readCap(
  { monthlyCap }: Fields,
  { broken, known }: { broken: boolean; known: MonthlyCap | undefined },
  report: (field: DamagedField) => void,
): MonthlyCap | undefined {
  if (monthlyCap === undefined && !broken) return undefined;
  if (monthlyCap === 'unknown') return monthlyCap;
  return readField([MonthlyCapSchema, monthlyCap, 'monthlyCap'], known ?? 'unknown', report);
}

const Certificates = v.looseObject({ name: v.string(), pem: v.array(v.unknown()) });

/** Certificate by certificate. */
function readCertificates(value: unknown, report: (field: DamagedField) => void): StoredCertificates | undefined {
  const read = readOptional([Certificates, value, 'certificates'], report);
  if (!read) return undefined;
  const pem = read.pem.filter((text) => typeof text === 'string').filter(isCertificate);
  if (pem.length < read.pem.length) report('certificates');
  return pem.length === 0 ? undefined : { ...read, pem };
}

/** A damaged custom proxy isn't replaced by a direct connection: requests are refused until it is entered again. */
function readProxy(value: unknown, report: (field: DamagedField) => void): Proxy | undefined {
  const isManual = isFields(value) && value.mode === 'manual';
  const fallback: Proxy | undefined = isManual ? { mode: 'manual', url: '' } : undefined;
  return value === undefined ? undefined : readField([ProxySchema, value, 'proxy'], fallback, report);
}

function readPrices(value: unknown, report: (damage: FieldDamage) => void): PriceRow[] | undefined {
  const noted = (of: string | null): void => report({ field: 'prices', of, profileId: null });
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) {
    noted(null);
    return undefined;
  }
  return value.flatMap((row: unknown) => {
    const read = v.safeParse(PriceRowSchema, row);
    if (read.success) return [read.output];
    const model = v.safeParse(PriceRowSchema.entries.model, isFields(row) ? row.model : null);
    noted(model.success ? model.output : null);
    return [];
  });
}

/** What can't be read is asked again. */
function readAcceptedShares(value: unknown): AcceptedShare[] | undefined {
  const read = (Array.isArray(value) ? value : []).flatMap((share: unknown) => {
    const found = v.safeParse(AcceptedShareSchema, share);
    return found.success ? [found.output] : [];
  });
  return read.length > 0 ? read : undefined;
}

/** Damage that was noted earlier. Its own damage isn't worth a note. */
function readEarlierDamage(value: unknown): SettingsDamage[] | undefined {
  const rows = (Array.isArray(value) ? value : []).flatMap((row: unknown) => {
    const read = v.safeParse(SettingsDamageSchema, row);
    return read.success ? [read.output] : [];
  });
  return rows.length > 0 ? rows : undefined;
}

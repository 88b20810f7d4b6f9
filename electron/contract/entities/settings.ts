import * as v from 'valibot';
import { type ProfileId, ProfileIdSchema, type Timestamp } from './ids.ts';
import { type Micros, type PriceRow, PriceRowSchema } from './money.ts';
import type { ExtraCertificates } from './certificates.ts';
import type { MirrorFolder, MirrorStatus } from './mirror-folder.ts';
import type { Profile } from './profiles.ts';
import type { SettingsDamage } from './settings-damage.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** The HTTP proxy of requests. `environment`: from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
export const ProxySchema = v.variant('mode', [
  v.strictObject({ mode: v.literal('environment') }),
  v.strictObject({ mode: v.literal('none') }),
  v.strictObject({ mode: v.literal('manual'), url: v.pipe(v.string(), v.trim(), v.maxLength(2000)) }),
]);
export type Proxy = v.InferOutput<typeof ProxySchema>;

/** In micro-dollars; exact as a number. */
export const MonthlyCapSchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)));

/**
 * Spending per calendar month above which Emulsion asks, in micro-dollars. Null: no cap. `unknown`: the stored cap was damaged, so
 * Emulsion asks before every request that costs something, until the cap is set again.
 */
export type MonthlyCap = Micros | null | 'unknown';

export const SettingsChangeSchema = v.strictObject({
  theme: v.optional(v.picklist(THEMES)),
  profileId: v.optional(v.nullable(ProfileIdSchema)),
  proxy: v.optional(ProxySchema),
  monthlyCap: v.optional(MonthlyCapSchema),
  stripMetadata: v.optional(v.boolean()),
  /** Replaces all of the person's own prices. */
  prices: v.optional(v.pipe(v.array(PriceRowSchema), v.maxLength(200))),
});
export type SettingsChange = v.InferOutput<typeof SettingsChangeSchema>;

/** Image files in the library's folder that its database doesn't list. Nothing was changed about them. */
export interface UnlistedOriginals {
  count: number;
  /** Absolute path of the folder that they are in. */
  folder: string;
  /** The first ones, by their paths in the library's folder. */
  files: string[];
}

/** Who copies a folder to other computers; `network`: it is on another computer; `cloud`: a service that isn't known by name. */
export const SharedFolderSchema = v.picklist([
  'icloud',
  'onedrive',
  'dropbox',
  'google-drive',
  'nextcloud',
  'syncthing',
  'cloud',
  'network',
]);
export type SharedFolder = v.InferOutput<typeof SharedFolderSchema>;

/** What the last look at the watched folder has brought. */
export interface WatchedImport {
  at: Timestamp;
  imported: number;
  /** Files that aren't images, or are damaged. */
  refused: number;
  /** Whether the folder could be read. */
  readable: boolean;
}

/** The open library. */
export interface LibrarySummary {
  folder: string;
  /** Present if it can't be written: nothing is sent or changed then. */
  readOnly?: true;
  /** Null if the database is damaged there. */
  images: number | null;
  /** Of all originals; null if the database is damaged there. */
  bytes: number | null;
  /** Present if the database is damaged: what is safe and what to do. Nothing new is sent then. */
  damage?: string;
  /** Present if the comparison after the start found any, until the person dismisses it. */
  unlisted?: UnlistedOriginals;
  /** Bytes that are free on its disk, and whether that is little; missing while it isn't known. */
  free?: { bytes: number; low: boolean };
  /** Present once a look at the watched folder has brought anything. */
  watched?: WatchedImport;
  /** Present once the mirror folder was looked at. */
  mirror?: MirrorStatus;
  /** Present if its folder is one that a database isn't safe in. `accepted`: the person has read it. */
  shared?: { by: SharedFolder; accepted: boolean };
}

export interface Settings {
  theme: Theme;
  /** The selected profile; null until the person has chosen one, which is when the first-run screen is shown. */
  profileId: ProfileId | null;
  profiles: Profile[];
  proxy: Proxy;
  /** The proxy from the environment, its password masked; null if none is set. */
  environmentProxy: string | null;
  monthlyCap: MonthlyCap;
  /** Whether places and other programs' prompts are removed from images when they are added to a request. */
  stripMetadata: boolean;
  /** What couldn't be read in the files of the settings, until the person dismisses it. Each `copy` is an absolute path. */
  damage: SettingsDamage[];
  /** Certificates that are trusted besides Node's and the system's; null: none. */
  certificates: ExtraCertificates | null;
  prices: PriceRow[];
  /** The folder from which new images are imported, an absolute path; null for none. */
  watchedFolder: string | null;
  /** The folder to which images are copied; null for none. */
  mirrorFolder: MirrorFolder | null;
  library: LibrarySummary;
}

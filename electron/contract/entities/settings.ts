import * as v from 'valibot';
import { type ProfileId, ProfileIdSchema } from './ids.ts';
import { type Micros, type PriceRow, PriceRowSchema } from './money.ts';
import type { Profile } from './profiles.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** Which HTTP proxy requests go through. `environment`: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say. */
export const ProxySchema = v.variant('mode', [
  v.strictObject({ mode: v.literal('environment') }),
  v.strictObject({ mode: v.literal('none') }),
  v.strictObject({ mode: v.literal('manual'), url: v.pipe(v.string(), v.trim(), v.maxLength(2000)) }),
]);
export type Proxy = v.InferOutput<typeof ProxySchema>;

export const SettingsChangeSchema = v.strictObject({
  theme: v.optional(v.picklist(THEMES)),
  profileId: v.optional(v.nullable(ProfileIdSchema)),
  proxy: v.optional(ProxySchema),
  /** What may be spent in a calendar month before Emulsion asks, in micro-dollars; null: no cap. */
  monthlyCap: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
  /** The whole list of the person's own rows. */
  prices: v.optional(v.pipe(v.array(PriceRowSchema), v.maxLength(200))),
});
export type SettingsChange = v.InferOutput<typeof SettingsChangeSchema>;

export interface Settings {
  theme: Theme;
  /** The profile that requests go to; null until the person has chosen one: then the first run is shown. */
  profileId: ProfileId | null;
  profiles: Profile[];
  proxy: Proxy;
  /** The address that the environment's variables name, without its password; null where they name none. */
  environmentProxy: string | null;
  monthlyCap: Micros | null;
  prices: PriceRow[];
  library: { folder: string; images: number; bytes: number };
}

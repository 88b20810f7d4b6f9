import * as v from 'valibot';
import { type ProfileId, ProfileIdSchema } from './ids.ts';
import { type Micros, type PriceRow, PriceRowSchema } from './money.ts';
import type { Profile } from './profiles.ts';

export const THEMES = ['system', 'dark', 'light'] as const;
export type Theme = (typeof THEMES)[number];

/** The HTTP proxy of requests. `environment`: from HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
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
  /** Spending per calendar month above which Emulsion asks, in micro-dollars; null: no cap. */
  monthlyCap: v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0)))),
  /** Replaces all of the person's own prices. */
  prices: v.optional(v.pipe(v.array(PriceRowSchema), v.maxLength(200))),
});
export type SettingsChange = v.InferOutput<typeof SettingsChangeSchema>;

export interface Settings {
  theme: Theme;
  /** The selected profile; null until the person has chosen one, which is when the first-run screen is shown. */
  profileId: ProfileId | null;
  profiles: Profile[];
  proxy: Proxy;
  /** The proxy from the environment, its password masked; null if none is set. */
  environmentProxy: string | null;
  monthlyCap: Micros | null;
  prices: PriceRow[];
  library: { folder: string; images: number; bytes: number };
}

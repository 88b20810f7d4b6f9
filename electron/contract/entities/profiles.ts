import * as v from 'valibot';
import {
  type Overrides,
  OverridesSchema,
  type ProbeReport,
  SERVER_KINDS,
  type ServerKind,
} from '../catalogue/servers.ts';
import { type ProfileId, ProfileIdSchema } from './ids.ts';

/**
 * `saved`: created by the person. `environment`: from OPENAI_API_KEY and related variables; read-only. `demo`: the built-in server;
 * read-only.
 */
export type ProfileKind = 'saved' | 'environment' | 'demo';

/** Where the key is stored. `encrypted`: on disk, encrypted by the system's keychain. `session`: in memory until the host ends. */
export type KeyState = 'none' | 'encrypted' | 'session' | 'environment' | 'not-needed';

/** A server and its settings. Contains no key: keys are set with `profiles.setKey` and never returned. */
export interface Profile {
  id: ProfileId;
  kind: ProfileKind;
  name: string;
  baseUrl: string;
  organisation: string | null;
  project: string | null;
  key: KeyState;
  /** The last four characters of a key longer than 12 characters, to tell keys apart; otherwise null. */
  keyHint: string | null;
  server: ServerKind;
  /** Azure only: the `api-version` query parameter, for example `2025-04-01-preview`. */
  apiVersion: string | null;
  /** Azure deployments only: deployment names by model. A missing model has a deployment of its own name. */
  deployments: Readonly<Record<string, string>>;
  /** Maximum concurrent requests. */
  concurrency: number;
  /** The server doesn't bill. */
  free: boolean;
  overrides: Overrides;
  /** The report of the last probe, or null. */
  found: ProbeReport | null;
}

/** Defaults of a profile. */
export const DEFAULT_PROFILE_FIELDS = {
  server: 'compatible',
  apiVersion: null,
  deployments: {},
  concurrency: 4,
  free: false,
  overrides: {},
  found: null,
} as const satisfies Partial<Profile>;

/** Maximum of `concurrency`. */
export const MAX_CONCURRENCY = 16;

const singleLine = v.pipe(
  v.string(),
  v.trim(),
  v.maxLength(200),
  v.check((text) => !/[\r\n\0]/u.test(text), 'Has a line break.'),
);

export const ProfileDraftSchema = v.strictObject({
  id: v.nullable(ProfileIdSchema),
  name: v.pipe(singleLine, v.nonEmpty('A profile needs a name.')),
  baseUrl: v.pipe(v.string(), v.trim(), v.maxLength(2000)),
  organisation: v.nullable(singleLine),
  project: v.nullable(singleLine),
  server: v.optional(v.picklist(SERVER_KINDS)),
  apiVersion: v.optional(v.nullable(singleLine)),
  deployments: v.optional(v.record(singleLine, singleLine)),
  concurrency: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CONCURRENCY))),
  free: v.optional(v.boolean()),
  overrides: v.optional(OverridesSchema),
});
export type ProfileDraft = v.InferOutput<typeof ProfileDraftSchema>;

/** The result of a key check, which requests the list of models and costs nothing. */
export interface ProfileCheck {
  models: string[];
  /** Response time, ms. */
  tookMs: number;
}

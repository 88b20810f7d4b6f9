import * as v from 'valibot';
import {
  type Overrides,
  OverridesSchema,
  type ProbeReport,
  SERVER_KINDS,
  type ServerKind,
} from '../catalogue/servers.ts';
import { type ProfileId, ProfileIdSchema } from './ids.ts';

/** `saved`: made by the person. `environment`: from OPENAI_API_KEY and its kin; read only. `demo`: the built-in server; read only. */
export type ProfileKind = 'saved' | 'environment' | 'demo';

/** Where a key is. `encrypted`: on disk, by the system's keychain. `session`: in memory until the host ends. */
export type KeyState = 'none' | 'encrypted' | 'session' | 'environment' | 'not-needed';

/** A place where images are made. Holds no key: a key goes in through `profiles.setKey` and never comes out. */
export interface Profile {
  id: ProfileId;
  kind: ProfileKind;
  name: string;
  baseUrl: string;
  organisation: string | null;
  project: string | null;
  key: KeyState;
  /** The last four characters of a key with more than 12, to tell keys apart. */
  keyHint: string | null;
  server: ServerKind;
  /** Azure only: the `api-version` of the address, for instance `2025-04-01-preview`. */
  apiVersion: string | null;
  /** Azure deployments only: the deployment's name for a model's. A model without one is its own. */
  deployments: Readonly<Record<string, string>>;
  /** How many requests run there at once. */
  concurrency: number;
  /** Nothing that is made there is billed. */
  free: boolean;
  overrides: Overrides;
  /** What the last probe found; null before one. */
  found: ProbeReport | null;
}

/** What a profile is of which nobody has said more. */
export const DEFAULT_PROFILE_FIELDS = {
  server: 'compatible',
  apiVersion: null,
  deployments: {},
  concurrency: 4,
  free: false,
  overrides: {},
  found: null,
} as const satisfies Partial<Profile>;

/** The most requests that one profile runs at once. */
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

/** What a key check found. It asks for the list of models, which costs nothing. */
export interface ProfileCheck {
  models: string[];
  /** How long the answer took, in milliseconds. */
  tookMs: number;
}

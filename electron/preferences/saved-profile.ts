import { v7 as uuid } from 'uuid';
import * as v from 'valibot';
import { ProfileIdSchema, type ProfileId } from '../contract/entities/ids.ts';
import { MAX_CONCURRENCY } from '../contract/entities/profiles.ts';
import { OverridesSchema, ProbeReportSchema, SERVER_KINDS, type Overrides } from '../contract/catalogue/servers.ts';
import type { ProbeReport, ServerKind } from '../contract/catalogue/servers.ts';
import { cleanBaseUrl } from '../contract/rules/typed-connection.ts';
import type { DamagedField } from '../contract/entities/settings-damage.ts';
import { isFields, readEntries, readField, readOptional, type FieldDamage, type Fields } from './salvage.ts';

/** A profile in `settings.json`, with all fields that a later release has written there. */
export interface SavedProfile {
  id: ProfileId;
  name: string;
  /** '' if the stored one was damaged. */
  baseUrl: string;
  organisation: string | null;
  project: string | null;
  /** Missing: guessed from the base URL. The same for all below: earlier releases lack them. */
  server?: ServerKind | undefined;
  apiVersion?: string | null | undefined;
  deployments?: Record<string, string> | undefined;
  concurrency?: number | undefined;
  free?: boolean | undefined;
  overrides?: Overrides | undefined;
  found?: ProbeReport | null | undefined;
  [later: string]: unknown;
}

const line = v.pipe(v.string(), v.maxLength(200), v.regex(/^[^\p{Cc}]*$/u));
const headerText = v.nullable(v.pipe(v.string(), v.maxLength(200), v.regex(/^[\x20-\x7e]*$/u)));
const Concurrency = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_CONCURRENCY));
/** Ids of the built-in profiles, and of the proxy in the secrets file. */
const RESERVED = new Set(['demo', 'environment', 'proxy']);
const OwnId = v.pipe(
  ProfileIdSchema,
  v.check((id) => !RESERVED.has(id)),
);

/** Without credentials: they would appear in records and on the screen. */
const Address = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.check((text) => {
    const url = URL.parse(text);
    return url !== null && /^https?:$/u.test(url.protocol) && url.username === '' && url.password === '';
  }),
);

/**
 * Reads the list of profiles, entry by entry and field by field. An entry that is no object is left out; one whose id is damaged or taken
 * gets a new one, and loses its key.
 */
export function readProfiles(value: unknown, report: (damage: FieldDamage) => void): SavedProfile[] {
  const whole = { of: null, profileId: null };
  if (!Array.isArray(value)) {
    report({ field: 'profiles', ...whole });
    return [];
  }
  const taken = new Set<string>();
  return value.flatMap((entry: unknown) => {
    if (!isFields(entry)) {
      report({ field: 'profile', ...whole });
      return [];
    }
    const profile = readProfile(entry, taken, report);
    taken.add(profile.id);
    return [profile];
  });
}

function readProfile(entry: Fields, taken: ReadonlySet<string>, report: (damage: FieldDamage) => void): SavedProfile {
  const stored = v.safeParse(OwnId, entry.id);
  const profileId = stored.success && !taken.has(stored.output) ? stored.output : (uuid() as ProfileId);
  const baseUrl = v.safeParse(Address, entry.baseUrl);
  const typed = v.safeParse(v.pipe(line, v.trim(), v.nonEmpty()), entry.name);
  const host = baseUrl.success ? (URL.parse(baseUrl.output)?.hostname ?? '') : '';
  const name = typed.success ? typed.output : host || 'Profile';
  const note = (field: DamagedField): void => report({ field, of: name, profileId });
  if (profileId !== entry.id) note('key');
  if (!typed.success) note('name');
  if (!baseUrl.success) note('baseUrl');
  return {
    ...entry,
    id: profileId,
    name,
    // Earlier releases stored an endpoint too.
    baseUrl: baseUrl.success ? cleanBaseUrl(baseUrl.output) : '',
    organisation: readField([headerText, entry.organisation, 'organisation'], null, note),
    project: readField([headerText, entry.project, 'project'], null, note),
    ...readServerFields(entry, note),
  };
}

function readServerFields(entry: Fields, note: (field: DamagedField) => void): Partial<SavedProfile> {
  const text = v.pipe(v.string(), v.maxLength(200));
  const readText = (value: unknown): string | undefined => readOptional([text, value, 'deployments'], () => undefined);
  return {
    server: readOptional([v.picklist(SERVER_KINDS), entry.server, 'server'], note),
    apiVersion: readOptional([headerText, entry.apiVersion, 'apiVersion'], note),
    deployments: readEntries(entry.deployments, 'deployments', { read: readText, report: note }),
    concurrency: readOptional([Concurrency, entry.concurrency, 'concurrency'], note),
    free: readOptional([v.boolean(), entry.free, 'free'], note),
    overrides: readOverrides(entry.overrides, note),
    found: readOptional([v.nullable(ProbeReportSchema), entry.found, 'found'], note),
  };
}

/** Overrides of a later release are kept in the file; {@link knownOverrides} leaves them out. */
function readOverrides(value: unknown, report: (field: DamagedField) => void): Overrides | undefined {
  const schemas: Readonly<Record<string, v.GenericSchema>> = OverridesSchema.entries;
  const read = (held: unknown, name: string): unknown => {
    const schema = Object.hasOwn(schemas, name) ? schemas[name] : undefined;
    return schema && !v.is(schema, held) ? undefined : held;
  };
  return readEntries(value, 'overrides', { read, report });
}

/** The overrides that this release knows. */
export function knownOverrides(overrides: Overrides): Overrides {
  const known = Object.entries(overrides).filter(([name]) => Object.hasOwn(OverridesSchema.entries, name));
  return Object.fromEntries(known);
}

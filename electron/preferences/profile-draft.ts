import type { Profile, ProfileDraft } from '../contract/entities/profiles.ts';
import { DEFAULT_PROFILE_FIELDS } from '../contract/entities/profiles.ts';
import { StudioError } from '../contract/errors/errors.ts';
import { AZURE_API_VERSION, DIALECTS, guessServer, type ServerKind } from '../contract/catalogue/servers.ts';
import { checkBaseUrl } from './base-url.ts';
import { checkHeaderText } from './environment-profile.ts';
import { knownOverrides, type SavedProfile } from './saved-profile.ts';

/** The fields of a saved profile that a draft sets. */
type DraftedFields = Pick<
  SavedProfile,
  | 'name'
  | 'baseUrl'
  | 'organisation'
  | 'project'
  | 'server'
  | 'apiVersion'
  | 'deployments'
  | 'concurrency'
  | 'free'
  | 'overrides'
  | 'found'
>;

/** Applies a draft to a saved profile. Missing fields are kept, or guessed for a new profile. */
export function applyDraft(draft: ProfileDraft, before: SavedProfile | undefined): DraftedFields {
  const baseUrl = checkBaseUrl(draft.baseUrl);
  const server = draft.server ?? before?.server ?? guessServer(baseUrl);
  const fields = {
    name: draft.name.trim(),
    baseUrl,
    organisation: checkHeaderField('organisation', draft.organisation),
    project: checkHeaderField('project', draft.project),
    server,
    apiVersion: checkApiVersion(draft.apiVersion === undefined ? before?.apiVersion : draft.apiVersion, draft, server),
    deployments: checkDeployments(draft.deployments ?? before?.deployments ?? {}),
    concurrency: draft.concurrency ?? before?.concurrency ?? DEFAULT_PROFILE_FIELDS.concurrency,
    free: draft.free ?? before?.free ?? false,
    overrides: { ...laterOverrides(before), ...(draft.overrides ?? knownOverrides(before?.overrides ?? {})) },
  };
  if (DIALECTS[server].paths === 'azure-deployments') checkAzureAddress(baseUrl);
  return { ...fields, found: isSameServer(before, fields) ? before?.found : undefined };
}

/** Returns a saved profile's server fields; missing ones are guessed from its URL. */
export function resolveServerFields(
  saved: SavedProfile,
): Pick<Profile, 'server' | 'apiVersion' | 'deployments' | 'concurrency' | 'free' | 'overrides' | 'found'> {
  const server = saved.server ?? guessServer(saved.baseUrl);
  const known = { ...DEFAULT_PROFILE_FIELDS, server, apiVersion: defaultApiVersion(server) };
  const { apiVersion = known.apiVersion, deployments = {}, concurrency = known.concurrency } = saved;
  return {
    server,
    apiVersion,
    deployments,
    concurrency,
    free: saved.free ?? false,
    overrides: knownOverrides(saved.overrides ?? {}),
    found: saved.found ?? null,
  };
}

/** Overrides that only a later release knows. */
function laterOverrides(before: SavedProfile | undefined): Partial<SavedProfile['overrides']> {
  const { overrides = {} } = before ?? {};
  const known = knownOverrides(overrides);
  return Object.fromEntries(Object.entries(overrides).filter(([name]) => !(name in known)));
}

/** Returns the default `api-version`, which Azure's deployments route requires; null for other servers. */
export function defaultApiVersion(server: ServerKind): string | null {
  return DIALECTS[server].paths === 'azure-deployments' ? AZURE_API_VERSION : null;
}

/** Probe findings are valid for one server and route only. */
function isSameServer(before: SavedProfile | undefined, now: DraftedFields): boolean {
  if (!before) return false;
  const one = resolveServerFields(before);
  return (
    before.baseUrl === now.baseUrl &&
    one.server === now.server &&
    one.apiVersion === now.apiVersion &&
    JSON.stringify(one.deployments) === JSON.stringify(now.deployments)
  );
}

function checkHeaderField(field: 'organisation' | 'project', typed: string | null): string | null {
  const text = typed?.trim() || null;
  try {
    checkHeaderText(text);
  } catch (cause) {
    const message = `The ${field} contains an invalid character. Use letters, digits and hyphens.`;
    throw new StudioError({ code: 'profile-invalid', message, field }, { cause });
  }
  return text;
}

function checkApiVersion(wanted: string | null | undefined, draft: ProfileDraft, server: ServerKind): string | null {
  const version = wanted?.trim() || (draft.apiVersion === undefined ? defaultApiVersion(server) : null);
  if (version === null) {
    if (defaultApiVersion(server) === null) return null;
    throw invalidProfile(
      'apiVersion',
      `Azure’s deployments route needs an api-version, for instance ${AZURE_API_VERSION}.`,
    );
  }
  if (!/^[\w.-]{1,64}$/u.test(version))
    throw invalidProfile(
      'apiVersion',
      `An api-version looks like ${AZURE_API_VERSION}: letters, digits, dots and hyphens.`,
    );
  return version;
}

/** Returns trimmed models and deployments without empty pairs. */
function checkDeployments(pairs: Readonly<Record<string, string>>): Record<string, string> {
  const typed = Object.entries(pairs).map(([model, name]) => [model.trim(), name.trim()] as const);
  const filled = typed.filter(([model, name]) => model !== '' || name !== '');
  for (const [model, name] of filled) {
    if (model === '') throw invalidProfile('deployments', 'A deployment needs the name of its model.');
    if (name === '') throw invalidProfile('deployments', 'A model needs the name of its deployment.');
    if (!/^(?!\.{1,2}$)[\w.-]{1,64}$/u.test(name))
      throw invalidProfile(
        'deployments',
        'This is not the name of a deployment: those have letters, digits, hyphens, dots and underscores.',
      );
  }
  return Object.fromEntries(filled);
}

function checkAzureAddress(baseUrl: string): void {
  const { pathname } = new URL(baseUrl);
  if (/\/deployments(\/|$)/iu.test(pathname))
    throw invalidProfile(
      'baseUrl',
      'Remove /deployments and everything after it: Emulsion adds it with the deployment’s name.',
    );
  if (/\/openai\/v1$/iu.test(pathname))
    throw invalidProfile(
      'baseUrl',
      'This is the address of Azure’s v1 route. Choose “Azure OpenAI, v1” as the kind of server, or remove /openai/v1.',
    );
}

function invalidProfile(field: string, message: string): StudioError {
  return new StudioError({ code: 'profile-invalid', message, field });
}

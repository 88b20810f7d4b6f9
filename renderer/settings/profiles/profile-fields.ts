import type { ProfileId } from '../../../electron/contract/entities/ids.ts';
import {
  DEFAULT_PROFILE_FIELDS,
  type Profile,
  type ProfileDraft,
} from '../../../electron/contract/entities/profiles.ts';
import { OPENAI_BASE_URL } from '../../../electron/contract/catalogue/openai-base-url.ts';
import {
  AZURE_API_VERSION,
  DIALECTS,
  guessServer,
  type Overrides,
  type ServerKind,
} from '../../../electron/contract/catalogue/servers.ts';

/** An Azure deployment: a model and its deployment's name. */
interface Deployment {
  model: string;
  name: string;
}

/** Values of the form's fields. */
export interface ProfileFields {
  name: string;
  baseUrl: string;
  organisation: string;
  project: string;
  server: ServerKind;
  apiVersion: string;
  deployments: Deployment[];
  concurrency: number;
  free: boolean;
  overrides: Overrides;
}

/** Fields that show their own error; all other errors appear below the form. */
export const SHOWN_FIELDS = ['name', 'baseUrl', 'key', 'organisation', 'project', 'apiVersion', 'deployments'];

/** A saved profile as fields; without one, those of a new profile. */
export function fieldsOf(profile: Profile | null): ProfileFields {
  const { deployments, concurrency, free, overrides } = profile ?? DEFAULT_PROFILE_FIELDS;
  return {
    name: profile?.name ?? '',
    baseUrl: profile?.baseUrl ?? OPENAI_BASE_URL,
    organisation: profile?.organisation ?? '',
    project: profile?.project ?? '',
    server: profile?.server ?? guessServer(OPENAI_BASE_URL),
    apiVersion: profile?.apiVersion ?? '',
    deployments: Object.entries(deployments).map(([model, name]) => ({ model, name })),
    concurrency,
    free,
    overrides: { ...overrides },
  };
}

/** The profile draft to save. */
export function draftOf(id: ProfileId | null, fields: ProfileFields): ProfileDraft {
  const baseUrl = fields.baseUrl.trim();
  return {
    id,
    name: fields.name.trim() || (URL.parse(baseUrl)?.host ?? 'My server'),
    baseUrl,
    organisation: fields.organisation.trim() || null,
    project: fields.project.trim() || null,
    server: fields.server,
    apiVersion: isAzure(fields.server) ? fields.apiVersion.trim() || null : null,
    deployments: isAzure(fields.server) ? pairsOf(fields.deployments) : {},
    concurrency: fields.concurrency,
    free: fields.free,
    overrides: said(fields.overrides),
  };
}

/** Whether two sets of values save the same profile. */
export function isSameDraft(one: ProfileFields, other: ProfileFields): boolean {
  return JSON.stringify(draftOf(null, one)) === JSON.stringify(draftOf(null, other));
}

/** Whether the fields for Azure belong to a kind of server. */
export function isAzure(server: ServerKind): boolean {
  return DIALECTS[server].auth === 'api-key';
}

/** Example base URL for a kind of server. */
export function exampleAddress(server: ServerKind): string {
  if (server === 'openai') return OPENAI_BASE_URL;
  if (!isAzure(server)) return 'http://192.168.1.40:8080/v1';
  const paths = DIALECTS[server].paths === 'azure-deployments' ? '' : '/openai/v1';
  return `https://your-resource.openai.azure.com${paths}`;
}

/** The base URL after choosing a kind of server for a new profile. Never OpenAI's by default, so that no other server's key is sent there. */
export function addressFor(server: ServerKind, typed: string): string {
  if (server === 'openai') return typed.trim() === '' ? OPENAI_BASE_URL : typed;
  return typed.trim() === OPENAI_BASE_URL ? '' : typed;
}

/** The default API version for a kind of server that needs one. */
export function apiVersionFor(server: ServerKind, typed: string): string {
  return typed.trim() === '' && DIALECTS[server].paths === 'azure-deployments' ? AZURE_API_VERSION : typed;
}

/** For duplicate models the last entry wins. Incomplete entries are kept: validation reports them. */
function pairsOf(deployments: readonly Deployment[]): Record<string, string> {
  const pairs = deployments.map(({ model, name }) => [model.trim(), name.trim()] as const);
  return Object.fromEntries(pairs.filter(([model, name]) => model !== '' || name !== ''));
}

/** Sorted, so that equal overrides compare as equal. */
function said({ create, edit, variation, streaming, imageField }: Overrides): Overrides {
  const entries = Object.entries({ create, edit, variation, streaming, imageField });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

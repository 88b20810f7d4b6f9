import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import { DEFAULT_PROFILE_FIELDS, type Profile, type ProfileDraft } from '../../electron/contract/entities/profiles.ts';
import { OPENAI_BASE_URL } from '../../electron/contract/catalogue/openai-base-url.ts';
import {
  AZURE_API_VERSION,
  DIALECTS,
  guessServer,
  type Overrides,
  type ServerKind,
} from '../../electron/contract/catalogue/servers.ts';

/** A pair of Azure's: a model, and the name of its deployment. */
export interface Deployment {
  model: string;
  name: string;
}

/** What the form's fields hold. */
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

/** Fields whose error stands under them; errors of others stand below the form. */
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

/** What is saved of the fields. */
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

/** Whether two states of the fields would save the same. */
export function isSameDraft(one: ProfileFields, other: ProfileFields): boolean {
  return JSON.stringify(draftOf(null, one)) === JSON.stringify(draftOf(null, other));
}

/** Whether the fields for Azure belong to a kind of server. */
export function isAzure(server: ServerKind): boolean {
  return DIALECTS[server].auth === 'api-key';
}

/** What a base URL looks like, for a kind of server. */
export function exampleAddress(server: ServerKind): string {
  if (server === 'openai') return OPENAI_BASE_URL;
  if (!isAzure(server)) return 'http://192.168.1.40:8080/v1';
  const paths = DIALECTS[server].paths === 'azure-deployments' ? '' : '/openai/v1';
  return `https://your-resource.openai.azure.com${paths}`;
}

/** The base URL when a kind of server is chosen for a new profile: nobody's key goes to OpenAI because its address stood there. */
export function addressFor(server: ServerKind, typed: string): string {
  if (server === 'openai') return typed.trim() === '' ? OPENAI_BASE_URL : typed;
  return typed.trim() === OPENAI_BASE_URL ? '' : typed;
}

/** The api-version to fill in when a kind of server is chosen that needs one. */
export function apiVersionFor(server: ServerKind, typed: string): string {
  return typed.trim() === '' && DIALECTS[server].paths === 'azure-deployments' ? AZURE_API_VERSION : typed;
}

/** The last of two pairs of one model counts. Pairs with an empty half are kept: the far side says what they lack. */
function pairsOf(deployments: readonly Deployment[]): Record<string, string> {
  const pairs = deployments.map(({ model, name }) => [model.trim(), name.trim()] as const);
  return Object.fromEntries(pairs.filter(([model, name]) => model !== '' || name !== ''));
}

/** In one order, so that the same wishes compare as the same. */
function said({ create, edit, variation, streaming, imageField }: Overrides): Overrides {
  const entries = Object.entries({ create, edit, variation, streaming, imageField });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

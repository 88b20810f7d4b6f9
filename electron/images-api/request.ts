import type { InputRole } from '../contract/entities.ts';
import { StudioError } from '../contract/errors.ts';
import type { CreateParameters, EditParameters, Parameters, VariationParameters } from '../contract/parameters.ts';
import { CONTRACT_SERVER, type Server } from '../contract/servers.ts';

/** Where a call goes and on whose account. */
export interface Connection {
  /** Up to and with the version, for instance `https://api.openai.com/v1`; without a query. */
  baseUrl: string;
  apiKey: string | null;
  organisation: string | null;
  project: string | null;
  /** How the server differs from the contract. */
  server: Server;
  /** Azure only: goes into the address. */
  apiVersion: string | null;
  /** Azure deployments only: the deployment for a model; one without is its own. */
  deployments: Readonly<Record<string, string>>;
  /** The HTTP proxy to go through, with name and password as in an address, or null. */
  proxy: string | null;
}

/** What a connection is of which nothing more is known than its address. */
export const PLAIN_CONNECTION = {
  apiKey: null,
  organisation: null,
  project: null,
  server: CONTRACT_SERVER,
  apiVersion: null,
  deployments: {},
  proxy: null,
} as const satisfies Omit<Connection, 'baseUrl'>;

/** A picture on disk that goes out with an edit or a variation. */
export interface InputFile {
  role: InputRole;
  path: string;
  /** The name that the server sees. */
  fileName: string;
  mediaType: string;
  bytes: number;
}

/** What a person wants of the server: an operation with its parameters, by the API's names. */
export type ImageCall =
  | { operation: 'create'; parameters: CreateParameters }
  | { operation: 'edit'; parameters: EditParameters; inputs: InputFile[] }
  | { operation: 'variation'; parameters: VariationParameters; inputs: InputFile[] };

/** A file of a multipart body, read from disk while it leaves. */
export interface FilePart {
  field: string;
  path: string;
  fileName: string;
  mediaType: string;
}

/** What a request carries. */
export type RequestBody =
  { kind: 'json'; text: string } | { kind: 'multipart'; fields: [name: string, value: string][]; files: FilePart[] };

/** A request that is ready to leave. A multipart body's `content-type` is added with its boundary when it is sent. */
export interface PreparedRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: RequestBody | null;
}

/** The application's version; a test compares it with package.json. */
export const VERSION = '0.1.0';
/** How requests name themselves. */
export const USER_AGENT = `Emulsion/${VERSION}`;

const PATHS = { create: 'images/generations', edit: 'images/edits', variation: 'images/variations' } as const;

/**
 * Turns a call into the request that makes it, by the Images API's rules: JSON to create, multipart otherwise. Parameters that are
 * null or undefined are left out. Pure. Throws `profile-invalid` for an address or header value that cannot be used.
 */
export function buildRequest(connection: Connection, call: ImageCall): PreparedRequest {
  const url = joinUrl(connection.baseUrl, PATHS[call.operation]);
  const headers = buildHeaders(connection);
  const parameters = withoutNothing(call.parameters);
  if (call.operation === 'create') {
    const body: RequestBody = { kind: 'json', text: JSON.stringify(parameters) };
    return { method: 'POST', url, headers: { ...headers, 'content-type': 'application/json' }, body };
  }
  const fields = Object.entries(parameters).flatMap(([name, value]) => flatten(name, value));
  return { method: 'POST', url, headers, body: { kind: 'multipart', fields, files: fileParts(call.inputs) } };
}

/** The request for the list of models, which costs nothing. */
export function buildModelsRequest(connection: Connection): PreparedRequest {
  return { method: 'GET', url: joinUrl(connection.baseUrl, 'models'), headers: buildHeaders(connection), body: null };
}

/** Joins a path to a base URL: any number of slashes between them. */
export function joinUrl(baseUrl: string, path: string): string {
  let url: URL;
  try {
    url = new URL(baseUrl.trim());
  } catch (cause) {
    throw invalidProfile('The profile’s base URL is not an address. It looks like https://api.openai.com/v1.', cause);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw invalidProfile('The profile’s base URL must begin with https:// or http://.');
  if (url.username !== '' || url.password !== '')
    throw invalidProfile('The profile’s base URL holds a name or password. Remove it from the address.');
  return `${url.origin}${url.pathname.replace(/\/+$/u, '')}/${path}`;
}

function buildHeaders(connection: Connection): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': USER_AGENT };
  if (connection.apiKey) headers.authorization = `Bearer ${headerValue(connection.apiKey, 'API key')}`;
  if (connection.organisation) headers['openai-organization'] = headerValue(connection.organisation, 'organisation');
  if (connection.project) headers['openai-project'] = headerValue(connection.project, 'project');
  return headers;
}

/** Visible ASCII only: a line break or a letter beyond it would break the request, or could add a header to it. */
function headerValue(value: string, what: string): string {
  if (!/^[\x21-\x7e]+$/u.test(value)) {
    throw invalidProfile(
      `The profile’s ${what} holds a space or a character that cannot be sent. Copy it again and save it in Settings.`,
    );
  }
  return value;
}

function invalidProfile(sentence: string, cause?: unknown): StudioError {
  return new StudioError({ code: 'profile-invalid', message: `${sentence} Nothing was sent.` }, { cause });
}

/** Without null and undefined, in nested objects too; an object that is left empty goes as well. */
function withoutNothing(parameters: Parameters | object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters) as [string, unknown][]) {
    if (value == null) continue;
    if (typeof value !== 'object' || Array.isArray(value)) kept[name] = value;
    else {
      const inner = withoutNothing(value);
      if (Object.keys(inner).length > 0) kept[name] = inner;
    }
  }
  return kept;
}

/** Nested fields in brackets, as the official client writes them: `svg[reasoning][effort]`. */
function flatten(name: string, value: unknown): [string, string][] {
  if (typeof value !== 'object' || value === null) return [[name, String(value)]];
  return Object.entries(value).flatMap(([key, inner]) => flatten(`${name}[${key}]`, inner));
}

/** One image goes as `image`, several as `image[]`: some servers refuse a list of one. */
function fileParts(inputs: InputFile[]): FilePart[] {
  const several = inputs.filter((input) => input.role === 'image').length > 1;
  return inputs.map(({ role, path, fileName, mediaType }) => ({
    field: role === 'image' && several ? 'image[]' : role,
    path,
    fileName,
    mediaType,
  }));
}

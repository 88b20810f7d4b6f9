import type { InputRole } from '../../contract/entities/requests.ts';
import type {
  CreateParameters,
  EditParameters,
  Parameters,
  VariationParameters,
} from '../../contract/catalogue/parameters.ts';
import type { Server } from '../../contract/catalogue/servers.ts';
import { endpointUrl, modelName, modelsUrl } from './endpoints.ts';
import { invalidProfile, type Connection } from './connection.ts';
import { USER_AGENT } from './user-agent.ts';

export { PLAIN_CONNECTION, type Connection } from './connection.ts';
export { VERSION } from './user-agent.ts';

/** An image on disk that is sent with an edit or a variation. */
export interface InputFile {
  role: InputRole;
  path: string;
  /** File name in the multipart form. */
  fileName: string;
  mediaType: string;
  bytes: number;
}

/** An operation with its parameters, named as in the API. */
export type ImageCall =
  | { operation: 'create'; parameters: CreateParameters }
  | { operation: 'edit'; parameters: EditParameters; inputs: InputFile[] }
  | { operation: 'variation'; parameters: VariationParameters; inputs: InputFile[] };

/** A file of a multipart body: a path, read while it is sent, or short text. */
export type FilePart = { field: string; fileName: string; mediaType: string } & ({ path: string } | { text: string });

export type RequestBody =
  { kind: 'json'; text: string } | { kind: 'multipart'; fields: [name: string, value: string][]; files: FilePart[] };

/** A request that is ready to be sent. The `content-type` of a multipart body is added with its boundary when it is sent. */
export interface PreparedRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  body: RequestBody | null;
}

/**
 * Returns the HTTP request for a call, by the rules of the Images API and the server's dialect: JSON to create, multipart otherwise. Leaves
 * out parameters that are null or undefined; unsupported ones were removed before by `omitUnsupportedParameters`. Pure.
 * @throws StudioError `profile-invalid` for a base URL or header value that cannot be used
 */
export function buildRequest(connection: Connection, call: ImageCall): PreparedRequest {
  const { operation } = call;
  const wanted = omitEmpty(call.parameters);
  const model = typeof wanted.model === 'string' ? wanted.model : '';
  const url = endpointUrl(connection, operation, model);
  const parameters = model === '' ? wanted : { ...wanted, model: modelName(connection, model) };
  const headers = buildHeaders(connection);
  if (operation === 'create') {
    const body: RequestBody = { kind: 'json', text: JSON.stringify(parameters) };
    return { method: 'POST', url, headers: { ...headers, 'content-type': 'application/json' }, body };
  }
  const fields = Object.entries(parameters).flatMap(([name, value]) => flatten(name, value));
  const files = fileParts(call.inputs, operation, connection.server);
  return { method: 'POST', url, headers, body: { kind: 'multipart', fields, files } };
}

/** Returns the request for the list of models. @throws StudioError `profile-invalid` */
export function buildModelsRequest(connection: Connection): PreparedRequest {
  return { method: 'GET', url: modelsUrl(connection), headers: buildHeaders(connection), body: null };
}

/** Returns the headers of every request: key, organisation, project, user agent. @throws StudioError `profile-invalid` */
export function buildHeaders(connection: Connection): Record<string, string> {
  const headers: Record<string, string> = { accept: 'application/json', 'user-agent': USER_AGENT };
  const key = connection.apiKey ? headerValue(connection.apiKey, 'API key') : null;
  if (key !== null && connection.server.auth === 'api-key') headers['api-key'] = key;
  else if (key !== null) headers.authorization = `Bearer ${key}`;
  // Azure has no organisation or project header, so neither is sent to it or to a gateway in front of it.
  if (connection.server.auth === 'api-key') return headers;
  if (connection.organisation) headers['openai-organization'] = headerValue(connection.organisation, 'organisation');
  if (connection.project) headers['openai-project'] = headerValue(connection.project, 'project');
  return headers;
}

/** Visible ASCII only: a line break could add a header, and other characters are invalid. @throws StudioError `profile-invalid` */
function headerValue(value: string, what: string): string {
  if (!/^[\x21-\x7e]+$/u.test(value)) {
    throw invalidProfile(
      `The profile’s ${what} contains a space or a character that can’t be sent. Copy it again and save it in Settings.`,
    );
  }
  return value;
}

/** Removes null and undefined, also in nested objects, and objects that become empty. */
function omitEmpty(parameters: Parameters | object): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters) as [string, unknown][]) {
    if (value == null) continue;
    if (typeof value !== 'object' || Array.isArray(value)) kept[name] = value;
    else {
      const inner = omitEmpty(value);
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

/**
 * The files under the field names of the server's dialect. A variation's image is always `image`. For an edit, `counted` means one as
 * `image` and several as `image[]`, because some servers reject a list of one.
 */
function fileParts(inputs: InputFile[], operation: 'edit' | 'variation', server: Server): FilePart[] {
  const several = inputs.filter((input) => input.role === 'image').length > 1;
  const counted = several ? 'image[]' : 'image';
  const imageField = operation === 'variation' || server.imageField === 'counted' ? counted : server.imageField;
  const fields = { image: imageField, mask: server.maskField, markup: 'markup' };
  return inputs.map(({ role, path, fileName, mediaType }) => ({ field: fields[role], path, fileName, mediaType }));
}

import type { Operation } from '../../contract/catalogue/parameters.ts';
import type { Server } from '../../contract/catalogue/servers.ts';
import { invalidProfile, type Connection } from './connection.ts';

const PATHS = { create: 'images/generations', edit: 'images/edits', variation: 'images/variations' } as const;

/** URL of an operation. @throws StudioError `profile-invalid` for a base URL or deployment that cannot be used */
export function endpointUrl(connection: Connection, operation: Operation, model: string): string {
  return buildUrl(connection, PATHS[operation], deploymentOf(connection, model));
}

/** URL of the list of models. @throws StudioError `profile-invalid` */
export function modelsUrl(connection: Connection): string {
  return buildUrl(connection, 'models', null);
}

/**
 * The value of the `model` parameter. On Azure's v1 route it is the deployment; on the deployments route the URL names the deployment and
 * the parameter keeps the model's name.
 */
export function modelName(connection: Connection, model: string): string {
  return connection.server.kind === 'azure-v1' ? deploymentOf(connection, model) : model;
}

/** Joins a path to a base URL with or without trailing slashes. @throws StudioError `profile-invalid` */
export function joinUrl(baseUrl: string, path: string): string {
  const { origin, pathname } = parseBaseUrl(baseUrl);
  return `${origin}${pathname.replace(/\/+$/u, '')}/${path}`;
}

/** Whether a server uses one of Azure's two routes. */
export function isAzure({ kind }: Server): boolean {
  return kind === 'azure-v1' || kind === 'azure-deployments';
}

function deploymentOf({ deployments }: Connection, model: string): string {
  return (Object.hasOwn(deployments, model) ? deployments[model] : undefined) ?? model;
}

/** @param deployment null for a URL without a model */
function buildUrl(connection: Connection, path: string, deployment: string | null): string {
  const { server, baseUrl, apiVersion } = connection;
  if (server.kind === 'azure-v1') return withVersion(joinUrl(azureV1Root(baseUrl), path), apiVersion);
  if (server.paths !== 'azure-deployments') return joinUrl(baseUrl, path);
  const below = deployment === null ? path : `deployments/${encodeURIComponent(deployment)}/${path}`;
  // Dot segments would be resolved and change the path.
  if (/^\.{1,2}$/u.test(deployment ?? '')) throw invalidProfile(`“${deployment}” isn’t a valid deployment name.`);
  if (deployment === '') throw invalidProfile('Azure needs a model to select a deployment. Choose one.');
  return withVersion(joinUrl(azureRoot(baseUrl), below), apiVersion);
}

/** The base URL including `/openai`, which is optional in the profile. */
function azureRoot(baseUrl: string): string {
  return /\/openai\/*$/iu.test(baseUrl) ? baseUrl : joinUrl(baseUrl, 'openai');
}

/** The base URL including `/openai/v1`. A URL that ends in another `/v1` is a gateway's and is not changed. */
function azureV1Root(baseUrl: string): string {
  return /\/v1\/*$/iu.test(baseUrl) ? baseUrl : joinUrl(azureRoot(baseUrl), 'v1');
}

function withVersion(url: string, apiVersion: string | null): string {
  return apiVersion === null ? url : `${url}?api-version=${encodeURIComponent(apiVersion)}`;
}

function parseBaseUrl(baseUrl: string): URL {
  let url: URL;
  try {
    url = new URL(baseUrl.trim());
  } catch (cause) {
    throw invalidProfile('The profile’s base URL isn’t a valid URL. Example: https://api.openai.com/v1.', cause);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw invalidProfile('The profile’s base URL must start with https:// or http://.');
  if (url.username !== '' || url.password !== '')
    throw invalidProfile('The profile’s base URL contains a name or password. Remove it.');
  return url;
}

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Operation } from '../contract/catalogue/parameters.ts';
import { sendStreamResponse, sendJsonResponse, type ResponseContext } from './response/image-response.ts';
import { readForm } from './request/form.ts';
import { HostedImages } from './response/hosted-images.ts';
import { readInputs } from './request/inputs.ts';
import { readJson } from './request/json-body.ts';
import { findModelEntry, listModelEntries } from './response/model-list.ts';
import { resolveRequest, type ResolvedRequest } from './request/resolve-request.ts';
import { fieldsToJson, readParameters } from './request/parameters.ts';
import { ClientDisconnected, ApiError } from './request/api-error.ts';
import { pickScenario, type ScenarioName } from './request/scenarios.ts';
import { sendJson, sendError } from './response/write-response.ts';

export interface DemoApiOptions {
  /** Default 0: any free port. */
  port?: number;
  /** Default 1: about 5 seconds per image. 0: no delay. */
  pace?: number;
  /** The fault of every image request that names no other. */
  scenario?: ScenarioName | null;
}

export interface DemoApi {
  /** `http://127.0.0.1:PORT/v1` */
  baseUrl: string;
  port: number;
  /** Closes the server and all connections, including unfinished ones. */
  close(): Promise<void>;
}

/**
 * Starts an Images API server on 127.0.0.1: create, edit, variations and the list of models. Rejects with the system's error if the port
 * is in use.
 */
export async function startDemoApi(options: DemoApiOptions = {}): Promise<DemoApi> {
  const { port = 0, pace = 1, scenario = null } = options;
  const images = new HostedImages();
  const closing = new AbortController();
  const server = createServer(
    (request, response) => void serve(request, response, { pace, scenario, images, closing: closing.signal }),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The demo server has no port.');
  const bound = address.port;
  return {
    baseUrl: `http://127.0.0.1:${bound}/v1`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        closing.abort();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface ServerState {
  pace: number;
  scenario: ScenarioName | null;
  images: HostedImages;
  closing: AbortSignal;
}

/** Handles one request. Never throws: an error becomes a response or a closed connection. */
async function serve(request: IncomingMessage, response: ServerResponse, state: ServerState): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.on('error', () => gone.abort());
  response.setHeader('x-request-id', `req_${randomBytes(16).toString('hex')}`);
  response.setHeader('openai-version', '2020-10-01');
  const signal = AbortSignal.any([gone.signal, state.closing]);
  try {
    await route(request, response, state, signal);
  } catch (thrown) {
    const expected = thrown instanceof ClientDisconnected || thrown instanceof ApiError || signal.aborted;
    if (!expected) console.error('The demo server failed at a request.', thrown);
    if (thrown instanceof ClientDisconnected || signal.aborted || response.headersSent) response.destroy();
    else if (thrown instanceof ApiError) sendError(response, thrown);
    else sendError(response, new ApiError(500, 'The demo server failed.', { type: 'server_error', cause: thrown }));
  }
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  '/v1/images/generations': 'create',
  '/v1/images/edits': 'edit',
  '/v1/images/variations': 'variation',
};

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  state: ServerState,
  signal: AbortSignal,
): Promise<void> {
  const path = (request.url ?? '/').replace(/\?.*/u, '');
  const hosted = state.images.find(path);
  if (hosted && (request.method === 'GET' || request.method === 'HEAD')) {
    response.writeHead(200, { 'content-type': hosted.mediaType, 'content-length': hosted.file.length });
    response.end(request.method === 'HEAD' ? undefined : hosted.file);
    return;
  }
  const operation = Object.hasOwn(OPERATIONS, path) ? OPERATIONS[path] : undefined;
  const models = /^\/v1\/models(?:\/([^/]+))?$/u.exec(path);
  if (!operation && !models)
    throw await rejectRequest(
      request,
      404,
      `Unknown request URL: ${request.method} ${path.slice(0, 200)}.`,
      'unknown_url',
    );
  const method = operation ? 'POST' : 'GET';
  if (request.method !== method)
    throw await rejectRequest(request, 405, `Not allowed to ${request.method} on ${path}.`, 'method_not_supported', {
      allow: method,
    });
  if (hasWrongKey(request)) throw await rejectRequest(request, 401, 'Incorrect API key provided.', 'invalid_api_key');
  if (operation) return handleImageRequest(operation, request, response, state, signal);
  const context = contextOf('', request, response, { ...state, scenario: null }, signal);
  if (await applyScenario(context)) return;
  sendJson(response, 200, models?.[1] === undefined ? listModelEntries() : findModelEntry(models[1]));
}

/** Rejects a request without using its body, which is discarded so that the connection can be reused. */
async function rejectRequest(
  request: IncomingMessage,
  status: number,
  message: string,
  code: string,
  headers = {},
): Promise<ApiError> {
  if (request.method !== 'GET')
    await readJson(request).catch((thrown: unknown) =>
      thrown instanceof ClientDisconnected ? Promise.reject(thrown) : undefined,
    );
  return new ApiError(status, message, { code, headers });
}

/** Any key or none is accepted, except keys starting with `sk-wrong`, for trying out a rejected key. */
function hasWrongKey({ headers }: IncomingMessage): boolean {
  const key = headers['api-key'] ?? headers.authorization?.replace(/^Bearer\s+/iu, '') ?? '';
  return String(key).startsWith('sk-wrong');
}

function contextOf(
  prompt: string,
  request: IncomingMessage,
  response: ServerResponse,
  state: ServerState,
  signal: AbortSignal,
): ResponseContext {
  const header = request.headers['x-demo-scenario'];
  const scenario = pickScenario(Array.isArray(header) ? header[0] : header, prompt, state.scenario);
  return { request, response, scenario, pace: state.pace, images: state.images, signal };
}

async function handleImageRequest(
  operation: Operation,
  request: IncomingMessage,
  response: ServerResponse,
  state: ServerState,
  signal: AbortSignal,
): Promise<void> {
  const resolved = await readRequest(operation, request);
  const context = contextOf(resolved.prompt, request, response, state, signal);
  if (await applyScenario(context)) return;
  await (resolved.stream ? sendStreamResponse(resolved, context) : sendJsonResponse(resolved, context));
}

async function readRequest(operation: Operation, request: IncomingMessage): Promise<ResolvedRequest> {
  if (operation === 'create') {
    const { parameters, model } = readParameters(operation, await readJson(request));
    return resolveRequest(operation, parameters, model, null);
  }
  const folder = await mkdtemp(join(tmpdir(), `emulsion-demo-${process.pid}-`));
  try {
    const form = await readForm(request, folder);
    const { parameters, model } = readParameters(operation, fieldsToJson(form.fields));
    const format = parameters.output_format ?? null;
    return resolveRequest(operation, parameters, model, await readInputs(operation, form.files, model, format));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Applies a scenario that replaces the response; true if nothing more is to be sent. */
async function applyScenario({ scenario, response, signal }: ResponseContext): Promise<boolean> {
  if (scenario.refuse) throw scenario.refuse();
  if (scenario.page) {
    response.writeHead(scenario.page.status, {
      'content-type': 'text/html',
      'content-length': Buffer.byteLength(scenario.page.body),
    });
    response.end(scenario.page.body);
    return true;
  }
  while (scenario.silent) await delay(60_000, null, { signal });
  return false;
}

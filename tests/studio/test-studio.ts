import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuid } from 'uuid';
import { onTestFinished } from 'vitest';
import { createStudioApi, type Outcome, type StudioApi } from '../../electron/contract/api.ts';
import type { HostInfo } from '../../electron/contract/entities/host.ts';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import type { CreateParameters } from '../../electron/contract/catalogue/parameters.ts';
import { openLog } from '../../electron/log/log.ts';
import { startDemoApi, type DemoApiOptions } from '../../electron/demo-api/server.ts';
import { createStudio, type Studio, type StudioOptions } from '../../electron/studio/studio.ts';
import { sharedDecoding } from '../library/shared-decoding.ts';

const HOST: HostInfo = {
  version: '0.0.0-test',
  imageBase: '/images',
  capabilities: { revealInFolder: false, chooseFolder: false, keepKeys: false },
  keysNote: null,
  platform: 'browser',
};

export const KEY = 'sk-canary-7f3a9c51d2e84b60';

/** A studio with temporary folders, and its API as the renderer has it. Both are closed with the test. */
export interface TestStudio {
  studio: Studio;
  api: StudioApi;
  folder: string;
  /** Logged messages. */
  log: string[];
  /** Resolves with the job once it has ended. */
  ended(id: JobId): Promise<Job>;
}

/** Resolves once a condition is true; the test's own time is the limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(20);
}

/** Resolves once the index of images answers. */
export function whenIndexed(api: StudioApi): Promise<void> {
  return until(async () => (await api.views.status({})).ready);
}

/** A folder that is removed after the test. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'emulsion-studio-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** @param baseUrl base URL of the profile "Environment"; without it there is only the demo profile */
export async function openTestStudio(
  options: {
    baseUrl?: string;
    folder?: string;
    key?: string;
    openAnyway?: boolean;
    rebuild?: StudioOptions['rebuild'];
    restore?: StudioOptions['restore'];
    trash?: StudioOptions['trash'];
  } = {},
): Promise<TestStudio> {
  const folder = options.folder ?? (await emptyFolder());
  const log: string[] = [];
  const logFile = openLog({
    folder: join(folder, 'logs'),
    name: 'test.log',
    level: 'debug',
    terminal: (sentence, thrown) => log.push(`${sentence}: ${String(thrown)}`),
  });
  onTestFinished(() => logFile.close());
  const studio = await createStudio({
    libraryFolder: null,
    defaultLibraryFolder: join(folder, 'library'),
    preferencesFolder: join(folder, 'preferences'),
    rescueFolders: [join(folder, 'rescue')],
    openAnyway: options.openAnyway ?? false,
    rebuild: options.rebuild,
    restore: options.restore,
    ...(options.trash && { trash: options.trash }),
    cipher: null,
    environment: options.baseUrl ? { OPENAI_API_KEY: options.key ?? KEY, OPENAI_BASE_URL: options.baseUrl } : {},
    demo: false,
    startDecoding: () => sharedDecoding,
    host: HOST,
    log: logFile,
  });
  onTestFinished(() => studio.close());
  const api = createStudioApi({
    call: (endpoint, payload) => studio.dispatch(endpoint, payload),
    subscribe: (listener) => studio.subscribe(listener),
    upload: async (file, name) => (await studio.receiveInput(uploadRequest(file, name))).json() as Promise<Outcome>,
  });
  return { studio, api, folder, log, ended: (id) => whenEnded(api, id) };
}

/** An upload as both hosts pass it to the studio. */
export function uploadRequest(body: Blob | string, name: string): Request {
  const headers = { 'content-type': 'application/octet-stream' };
  return new Request(`http://emulsion/inputs?name=${encodeURIComponent(name)}`, { method: 'POST', headers, body });
}

async function whenEnded(api: StudioApi, id: JobId): Promise<Job> {
  const over = (job: Job): boolean => job.id === id && job.state !== 'waiting' && job.state !== 'running';
  return new Promise((resolve, reject) => {
    const stop = api.subscribe((event) => {
      if (event.type !== 'job' || !over(event.job)) return;
      stop();
      resolve(event.job);
    });
    // It may have ended before the subscription.
    api.jobs.list({}).then((jobs) => {
      const job = jobs.find(over);
      if (!job) return;
      stop();
      resolve(job);
    }, reject);
  });
}

/** A demo server without delays, for one test. */
export async function demoServer(options: DemoApiOptions = {}): Promise<{ baseUrl: string; close(): Promise<void> }> {
  const server = await startDemoApi({ pace: 0, ...options });
  onTestFinished(() => server.close());
  return server;
}

/** A scripted server that counts requests. */
export interface TestServer {
  baseUrl: string;
  /** Number of POST requests received. */
  posts: number;
}

/** @param arrived called when the headers of a POST were received, before its body is read */
export async function startTestServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  { arrived }: { arrived?: () => void } = {},
): Promise<TestServer> {
  const far = { baseUrl: '', posts: 0 };
  const server = createServer((request, response) => {
    if (request.method === 'POST') {
      far.posts += 1;
      arrived?.();
    }
    request.resume();
    request.on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  far.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  return far;
}

/** A payload of `jobs.create` with a new id. */
export function asked(request: JobRequest): { id: JobId; request: JobRequest } {
  return { id: uuid() as JobId, request };
}

type CreateRequest = Extract<JobRequest, { operation: 'create' }>;

/** A create request as the form builds it. */
export function createRequest(prompt: string, parameters: Partial<CreateParameters> = {}): CreateRequest {
  return {
    operation: 'create',
    profileId: 'environment' as ProfileId,
    parameters: { prompt, model: 'gpt-image-2.6-sunburst', size: '1024x1024', n: 1, ...parameters },
  };
}

import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, inject, onTestFinished, test } from 'vitest';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { startRecordingServer, type Script } from '../fakes/recording-server.ts';
import { asked, createRequest, openTestStudio } from '../studio/test-studio.ts';
import { checkFault, type Fault, type FaultyServer } from './fault.ts';

const refusal = (message: string, more: Record<string, unknown> = {}): string =>
  JSON.stringify({ error: { message, type: 'invalid_request_error', code: null, param: null, ...more } });
const REQUEST = { 'x-request-id': 'req_fault' };
const UNKNOWN = 'It may have been billed, so it won’t be sent again automatically.';
const FREE = 'Not billed.';
const NO_CREDIT = `The account has no credit left or has reached its limit. Add credit or raise the limit with the provider, then retry. ${FREE}`;
const NO_ENDPOINT = `The server has nothing at this address. Check the profile’s base URL, which usually ends in /v1, and whether the server supports this operation. ${FREE}`;
const BROKEN = `The connection was lost before the response finished. Check your network connection. ${UNKNOWN}`;
const gaveUp = (status: number): string =>
  `The server or a gateway timed out (${status}); the image may still have been made. Retry later, perhaps with a lower quality. ${UNKNOWN}`;

/** Requests for each failure: 5 in `npm test`, 50 in `npm run test:faults`. */
const TIMES = inject('requestsPerFailure');

type Failure = Fault & ({ script: Script } | { raw: (socket: Socket) => void } | { closedPort: true });

const FAILURES: Record<string, Failure> = {
  'a rejected key': {
    script: {
      status: 401,
      headers: REQUEST,
      body: refusal('Incorrect API key provided.', { code: 'invalid_api_key' }),
    },
    says: `The server didn’t accept this profile’s API key. Check in Settings that the key is complete, valid and meant for this server. ${FREE}`,
    code: 'key-refused',
    billing: 'none',
    details: { status: 401, message: 'Incorrect API key provided.', requestId: 'req_fault' },
  },
  'no credit left': {
    script: {
      status: 429,
      headers: REQUEST,
      body: refusal('You exceeded your current quota.', { code: 'insufficient_quota' }),
    },
    says: NO_CREDIT,
    code: 'quota-exhausted',
    billing: 'none',
    details: { status: 429, code: 'insufficient_quota', requestId: 'req_fault' },
  },
  'payment required': {
    script: { status: 402, body: refusal('Payment required.') },
    says: NO_CREDIT,
    code: 'quota-exhausted',
    billing: 'none',
    details: { status: 402 },
  },
  'an unverified organisation': {
    script: { status: 403, body: refusal('Your organization must be verified to use this model.') },
    says: `Your organisation must be verified to use this model. Verify it in the provider’s settings; that can take a few minutes to take effect. ${FREE}`,
    code: 'organisation-unverified',
    billing: 'none',
    details: { status: 403 },
  },
  'a missing permission': {
    script: { status: 403, body: refusal('You have insufficient permissions.') },
    says: `This API key doesn’t have permission for this request. Check the key’s permissions, the organisation and project, and your access to the model. ${FREE}`,
    code: 'permission-denied',
    billing: 'none',
    details: { status: 403 },
  },
  'a prompt that is blocked': {
    script: {
      status: 400,
      headers: REQUEST,
      body: refusal('Your request was rejected. safety_violations=[violence].', {
        type: 'image_generation_user_error',
        code: 'moderation_blocked',
      }),
    },
    says: `The server’s safety system refused this request. Reword the prompt or choose other inputs. ${FREE}`,
    code: 'moderation-blocked',
    billing: 'none',
    details: { code: 'moderation_blocked', type: 'image_generation_user_error', requestId: 'req_fault' },
  },
  'an unknown parameter': {
    script: {
      status: 400,
      body: refusal("Unknown parameter: 'quality'.", { code: 'unknown_parameter', param: 'quality' }),
    },
    says: `The server refused the request because of “quality”: Unknown parameter: 'quality'. Change it and retry. ${FREE}`,
    code: 'request-refused',
    billing: 'none',
    details: { status: 400, param: 'quality' },
  },
  'an error that is one word': {
    script: { status: 400, body: '{"error":"bad size"}' },
    says: `The server refused the request: bad size. Change it and retry. ${FREE}`,
    code: 'request-refused',
    billing: 'none',
    details: { message: 'bad size' },
  },
  'an error in a field named detail': {
    script: { status: 422, body: '{"detail":[{"loc":["body","size"],"msg":"not a size"}]}' },
    says: `The server refused the request because of “size”: not a size. Change it and retry. ${FREE}`,
    code: 'request-refused',
    billing: 'none',
    details: { status: 422 },
  },
  'a missing model': {
    script: { status: 404, body: refusal('The model does not exist.', { code: 'model_not_found' }) },
    says: `The server doesn’t know the model gpt-image-2.6-sunburst, or the key has no access to it. Choose another model. ${FREE}`,
    code: 'request-refused',
    billing: 'none',
    details: { code: 'model_not_found' },
  },
  'a missing endpoint': {
    script: { status: 404, headers: { 'content-type': 'text/html' }, body: '<h1>Not Found</h1>' },
    says: NO_ENDPOINT,
    code: 'endpoint-missing',
    billing: 'none',
    details: { status: 404 },
  },
  'a method that is not allowed': {
    script: { status: 405, body: '{}' },
    says: NO_ENDPOINT,
    code: 'endpoint-missing',
    billing: 'none',
  },
  'a request that is too large': {
    script: { status: 413, body: '' },
    says: `The server says the request is too large. Use smaller or fewer input images, or a shorter prompt. ${FREE}`,
    code: 'request-refused',
    billing: 'none',
    details: { status: 413 },
  },
  'a server error': {
    script: { status: 500, headers: REQUEST, body: refusal('The server had an error.', { type: 'server_error' }) },
    says: `The server failed (500). Retry later. ${UNKNOWN}`,
    code: 'server-failed',
    billing: 'possible',
    details: { status: 500, requestId: 'req_fault' },
  },
  'a gateway without a server behind it': {
    script: { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><h1>Bad gateway</h1></html>' },
    says: `The server failed (502). Retry later. ${UNKNOWN}`,
    code: 'server-failed',
    billing: 'possible',
    details: { status: 502 },
  },
  'an overloaded server': {
    script: { status: 503, headers: { 'retry-after': '30' }, body: '' },
    says: `The server failed (503). Retry in 30 seconds. ${UNKNOWN}`,
    code: 'server-failed',
    billing: 'possible',
    details: { status: 503, retryAfterMs: 30_000 },
  },
  'a gateway timeout': {
    script: { status: 504, body: '' },
    says: gaveUp(504),
    code: 'server-failed',
    billing: 'possible',
    details: { status: 504 },
  },
  'a gateway timeout with status 524': {
    script: { status: 524, body: '' },
    says: gaveUp(524),
    code: 'server-failed',
    billing: 'possible',
    details: { status: 524 },
  },
  'a connection that is reset before the response': {
    script: { before: [{ destroy: 'reset' }] },
    says: BROKEN,
    code: 'connection-lost',
    billing: 'possible',
  },
  'a connection that is closed before the response': {
    script: { before: [{ destroy: 'end' }] },
    says: BROKEN,
    code: 'connection-lost',
    billing: 'possible',
  },
  'another protocol at the port': {
    raw: (socket) => void socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.9\r\n')),
    says: `The server’s response is damaged: it isn’t valid HTTP. Check that the base URL belongs to an Images API. ${UNKNOWN}`,
    code: 'answer-garbled',
    billing: 'possible',
  },
  'a closed port': {
    closedPort: true,
    says: `127.0.0.1:PORT can’t be reached: it refuses connections. Check that the server is running, and the base URL and port. ${FREE}`,
    code: 'server-unreachable',
    billing: 'none',
    posts: 0,
  },
};

/** A server that fails in one way, and its port for the message. */
async function resolveServer(failure: Failure): Promise<FaultyServer & { port: number }> {
  if ('script' in failure) {
    const server = await startRecordingServer(failure.script);
    onTestFinished(() => server.close());
    return { baseUrl: server.baseUrl, port: server.port, posts: () => server.begun.length };
  }
  const seen = { connections: 0 };
  const server = createServer((socket) => {
    seen.connections += 1;
    socket.on('error', () => undefined);
    if ('raw' in failure) failure.raw(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  if ('closedPort' in failure) await close();
  else onTestFinished(close);
  return { baseUrl: `http://127.0.0.1:${port}/v1`, port, posts: () => seen.connections };
}

describe('failures', () => {
  test.each(Object.entries(FAILURES))('%s', async (_name, failure) => {
    const server = await resolveServer(failure);
    await checkFault(server, { ...failure, says: failure.says.replace('PORT', String(server.port)) });
  });
});

describe(`one request for each job, ${TIMES} jobs for each failure`, () => {
  test.each(Object.entries(FAILURES))('%s', async (_name, failure) => {
    const server = await resolveServer(failure);
    const { api, ended } = await openTestStudio({ baseUrl: server.baseUrl });
    const jobs: Promise<Job>[] = [];
    for (let job = 0; job < TIMES; job += 1) {
      const { id } = await api.jobs.create(asked(createRequest(`Job ${job}`, failure.parameters)));
      jobs.push(ended(id));
    }
    for (const job of await Promise.all(jobs)) expect(job.error).toMatchObject({ code: failure.code });
    expect(server.posts()).toBe((failure.posts ?? 1) * TIMES);
  });
});

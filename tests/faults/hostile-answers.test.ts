import { gzipSync } from 'node:zlib';
import { describe, onTestFinished, test } from 'vitest';
import { startRecordingServer, type Script } from '../fakes/recording-server.ts';
import { smallPng } from '../library/test-library.ts';
import { checkFault, type Fault } from './fault.ts';

const one = (await smallPng()).toString('base64');
const two = (await smallPng()).toString('base64');
/** A PNG with unique bytes: data after its end is ignored by decoders. */
const another = (index: number): string =>
  Buffer.concat([Buffer.from(one, 'base64'), Buffer.from([index])]).toString('base64');
const document = (value: object): string => JSON.stringify(value);
const event = (value: object): string => `data: ${document(value)}\n\n`;
const SSE = { 'content-type': 'text/event-stream' };
const STREAMED = { stream: true, partial_images: 2 } as const;
const PARTIAL = event({ type: 'image_generation.partial_image', partial_image_index: 0, b64_json: one });

const UNKNOWN = 'It may have been billed, so it won’t be sent again automatically.';
const BILLED = 'Billed.';
const NEXT = 'If this happens again, check the server and any proxy in between.';
const NOT_OURS =
  'The server’s response isn’t from an Images API. Check the profile’s base URL; it usually ends in /v1.';
const DAMAGED = 'The server’s response is damaged:';
const UNREADABLE =
  'The server’s response is damaged: it isn’t valid HTTP. Check that the base URL belongs to an Images API.';
const BROKEN = 'The connection was lost before the response finished. Check your network connection.';
const ENDED = 'The stream ended before the image was finished.';
const STOPPED = 'The server answered with an error:';
const NOTHING =
  'The server responded without an image. Check that the model makes images and that the base URL belongs to an Images API.';

const ANSWERS: Record<string, Fault & { script: Script }> = {
  'a web page with status 200': {
    script: { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title><p>Welcome' },
    says: `${NOT_OURS} ${UNKNOWN}`,
    code: 'answer-not-json',
    billing: 'possible',
    details: { status: 200 },
  },
  'a web page declared as JSON': {
    script: { body: '<html><body>502</body></html>' },
    says: `${NOT_OURS} ${UNKNOWN}`,
    code: 'answer-not-json',
    billing: 'possible',
  },
  'a web page instead of a stream': {
    script: { headers: SSE, body: '<html>' },
    parameters: STREAMED,
    says: `${NOT_OURS} ${UNKNOWN}`,
    code: 'answer-not-json',
    billing: 'possible',
  },
  'plain text': {
    script: { headers: { 'content-type': 'text/plain' }, body: 'upstream connect error' },
    says: `${NOT_OURS} ${UNKNOWN}`,
    code: 'answer-not-json',
    billing: 'possible',
    details: { message: 'upstream connect error' },
  },
  'an empty body': {
    script: { body: '' },
    says: `${NOTHING} ${UNKNOWN}`,
    code: 'answer-empty',
    billing: 'possible',
  },
  'JSON of something else': {
    script: { body: document({ object: 'list', data: [] }) },
    says: `${NOTHING} ${UNKNOWN}`,
    code: 'answer-empty',
    billing: 'possible',
  },
  'an image that is null': {
    script: { body: document({ data: [{ b64_json: null }] }) },
    says: `${NOTHING} ${UNKNOWN}`,
    code: 'answer-empty',
    billing: 'possible',
  },
  'an image without bytes': {
    script: { body: document({ data: [{ b64_json: '' }] }) },
    says: `${DAMAGED} an image is empty. ${NEXT} ${UNKNOWN}`,
    code: 'answer-garbled',
    billing: 'possible',
  },
  'characters that are not base64': {
    script: { body: document({ data: [{ b64_json: `${one.slice(0, 40)}!${one.slice(41)}` }] }) },
    says: `${DAMAGED} an image contains characters that aren’t base64. ${NEXT} ${UNKNOWN}`,
    code: 'answer-garbled',
    billing: 'possible',
    pieces: 1,
  },
  'base64 that ends too early': {
    script: { body: document({ data: [{ b64_json: one.slice(0, 41) }] }) },
    says: `${DAMAGED} an image’s base64 text ends in the middle. ${NEXT} ${UNKNOWN}`,
    code: 'answer-garbled',
    billing: 'possible',
    pieces: 1,
  },
  'one complete image and one broken': {
    script: { body: document({ data: [{ b64_json: one }, { b64_json: '%%%%' }] }) },
    parameters: { n: 2 },
    says: `${DAMAGED} an image contains characters that aren’t base64. ${NEXT} ${BILLED}`,
    code: 'answer-garbled',
    billing: 'billed',
    images: 1,
  },
  'JSON truncated inside an image': {
    script: { body: document({ data: [{ b64_json: one }] }).slice(0, 120) },
    says: `The server’s response ends in the middle. ${NEXT} ${UNKNOWN}`,
    notes: ['kept'],
    code: 'answer-cut',
    billing: 'possible',
    pieces: 1,
  },
  'JSON truncated after an image': {
    script: { body: document({ data: [{ b64_json: one }], usage: { total_tokens: 4 } }).slice(0, -12) },
    says: `The server’s response ends in the middle. ${NEXT} ${BILLED}`,
    notes: ['kept'],
    code: 'answer-cut',
    billing: 'billed',
    images: 1,
  },
  'a connection that breaks inside a field': {
    script: { body: ['{"created":17,"da', { destroy: 'reset' }] },
    says: `${BROKEN} ${UNKNOWN}`,
    code: 'connection-lost',
    billing: 'possible',
  },
  'a connection that breaks inside an image': {
    script: { body: [document({ data: [{ b64_json: one }] }).slice(0, 120), { destroy: 'reset' }] },
    says: `${BROKEN} ${UNKNOWN}`,
    notes: ['kept'],
    code: 'connection-lost',
    billing: 'possible',
    pieces: 1,
  },
  'a stream that ends after a partial image': {
    script: { headers: SSE, body: PARTIAL },
    parameters: STREAMED,
    says: `${ENDED} ${NEXT} ${UNKNOWN}`,
    notes: ['kept'],
    code: 'answer-cut',
    billing: 'possible',
    partials: 1,
  },
  'a stream that breaks inside the last event': {
    script: {
      headers: SSE,
      body: [PARTIAL, event({ type: 'image_generation.completed', b64_json: two }).slice(0, 150), { destroy: 'end' }],
    },
    parameters: STREAMED,
    says: `${BROKEN} ${UNKNOWN}`,
    notes: ['kept'],
    code: 'connection-lost',
    billing: 'possible',
    partials: 1,
    pieces: 1,
  },
  'a stream that contains only its end': {
    script: { headers: SSE, body: ': keepalive\n\ndata: [DONE]\n\n' },
    parameters: STREAMED,
    says: `${ENDED} ${NEXT} ${UNKNOWN}`,
    code: 'answer-cut',
    billing: 'possible',
  },
  'an error inside a stream': {
    script: {
      headers: { ...SSE, 'x-request-id': 'req_in_stream' },
      body: [PARTIAL, event({ type: 'error', error: { message: 'worker died', code: 'server_error' } })],
    },
    parameters: STREAMED,
    says: `${STOPPED} worker died. ${UNKNOWN}`,
    code: 'server-failed',
    billing: 'possible',
    partials: 1,
    details: { message: 'worker died', code: 'server_error', requestId: 'req_in_stream' },
  },
  'an error with status 200': {
    script: { body: document({ error: 'out of memory' }) },
    says: `${STOPPED} out of memory. ${UNKNOWN}`,
    code: 'server-failed',
    billing: 'possible',
    details: { message: 'out of memory' },
  },
  'JSON of unlimited depth': {
    script: { body: '[{"a":'.repeat(50_000) },
    says: `${DAMAGED} its JSON is nested too deeply. ${NEXT} ${UNKNOWN}`,
    code: 'answer-garbled',
    billing: 'possible',
  },
  'a field of unlimited length': {
    script: { body: `{"note":"${'x'.repeat(1_200_000)}"}` },
    says: `The response contains more text than Emulsion accepts. The rest wasn’t read. ${UNKNOWN}`,
    code: 'answer-too-large',
    billing: 'possible',
  },
  'more images than a request can ask for': {
    script: { body: document({ data: Array.from({ length: 66 }, (_, index) => ({ b64_json: another(index) })) }) },
    says: `The response contains more images than Emulsion accepts. The rest wasn’t read. ${BILLED}`,
    code: 'answer-too-large',
    billing: 'billed',
    images: 64,
  },
  'uncompressed bytes declared as compressed': {
    script: { headers: { 'content-encoding': 'gzip' }, body: 'not gzip at all' },
    says: `${UNREADABLE} ${UNKNOWN}`,
    code: 'answer-garbled',
    billing: 'possible',
  },
  'compressed bytes that end too early': {
    script: {
      headers: { 'content-encoding': 'gzip' },
      body: gzipSync(document({ data: [{ b64_json: one }] })).subarray(0, 60),
    },
    says: `The server’s response ends in the middle. ${NEXT} ${UNKNOWN}`,
    code: 'answer-cut',
    billing: 'possible',
  },
  'a redirect to another server': {
    script: { status: 307, headers: { location: 'https://elsewhere.test/v1?key=1' } },
    says: 'The server redirects to https://elsewhere.test/v1; Emulsion doesn’t follow, to protect your key. Enter the final address as the profile’s base URL. Not billed.',
    code: 'endpoint-missing',
    billing: 'none',
  },
  'a key that the server echoes': {
    script: {
      status: 401,
      body: document({ error: { message: 'Incorrect API key: sk-canary-7f3a9c51d2e84b60', code: 'invalid_api_key' } }),
    },
    says: 'The server didn’t accept this profile’s API key. Check in Settings that the key is complete, valid and meant for this server. Not billed.',
    code: 'key-refused',
    billing: 'none',
  },
  'an image URL on this computer': {
    script: { body: document({ data: [{ url: 'file:///etc/hostname' }] }) },
    says: `The server made an image, but it couldn’t be downloaded from its URL: the URL isn’t a web address. The image’s URL is in Details: open it soon, it may expire within an hour. ${BILLED}`,
    code: 'connection-lost',
    billing: 'billed',
  },
};

describe('hostile responses', () => {
  test.each(Object.entries(ANSWERS))('%s', async (_name, { script, ...fault }) => {
    const server = await startRecordingServer(script);
    onTestFinished(() => server.close());
    await checkFault({ baseUrl: server.baseUrl, posts: () => server.begun.length }, fault);
  });
});

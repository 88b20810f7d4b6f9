import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../electron/contract/errors/errors.ts';
import type { Limits } from '../../electron/images-api/transport/limits.ts';
import { startRecordingServer, type RecordingServer, type Script } from '../fakes/recording-server.ts';
import { stopTime, type StoppedTime } from './stopped-time.ts';
import { attempt, create, KEY, stream } from './test-calls.ts';

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const b64 = Buffer.from('not really an image, but bytes all the same').toString('base64');
const document = (value: object): string => JSON.stringify(value);
const event = (value: object): string => `data: ${document(value)}\n\n`;
const sse = { 'content-type': 'text/event-stream' };

interface Case {
  script: Script | ((time: StoppedTime) => Script);
  code: ErrorCode;
  billing?: 'none' | 'possible' | 'billed';
  limits?: Partial<Limits>;
  streams?: boolean;
  /** Complete images received before. */
  images?: number;
  parts?: number;
}

const HOSTILE: Record<string, Case> = {
  'a web page': {
    script: { headers: { 'content-type': 'text/html' }, body: '<!doctype html><title>Sign in</title>' },
    code: 'answer-not-json',
  },
  'a web page that is called JSON': { script: { body: '<html><body>502</body></html>' }, code: 'answer-not-json' },
  'a web page instead of a stream': {
    script: { headers: sse, body: '<html>' },
    code: 'answer-not-json',
    streams: true,
  },
  'plain text': {
    script: { headers: { 'content-type': 'text/plain' }, body: 'upstream error' },
    code: 'answer-not-json',
  },
  'an empty body': { script: { body: '' }, code: 'answer-empty' },
  'only white space': { script: { body: ' \r\n'.repeat(5000) }, code: 'answer-empty' },
  'no images': { script: { body: document({ created: 1, data: [] }) }, code: 'answer-empty' },
  'other JSON': { script: { body: '{"object":"list"}' }, code: 'answer-empty' },
  'an empty image': { script: { body: document({ data: [{ b64_json: '' }] }) }, code: 'answer-garbled' },
  'an image of null': { script: { body: document({ data: [{ b64_json: null }] }) }, code: 'answer-empty' },
  'an image of a number': { script: { body: document({ data: [{ b64_json: 7 }] }) }, code: 'answer-empty' },
  'broken base64': {
    script: { body: document({ data: [{ b64_json: `${b64.slice(0, 20)}!${b64.slice(20)}` }] }) },
    code: 'answer-garbled',
    parts: 1,
  },
  'base64 that ends too early': {
    script: { body: document({ data: [{ b64_json: b64.slice(0, 9) }] }) },
    code: 'answer-garbled',
    parts: 1,
  },
  'an image and a broken one': {
    script: { body: document({ data: [{ b64_json: '%%%%' }, { b64_json: b64 }] }) },
    code: 'answer-garbled',
    billing: 'billed',
    images: 1,
  },
  'JSON truncated in the base64': {
    script: { body: document({ data: [{ b64_json: b64 }] }).slice(0, 50) },
    code: 'answer-cut',
    parts: 1,
  },
  'JSON truncated after an image': {
    script: { body: document({ data: [{ b64_json: b64 }], x: 1 }).slice(0, -4) },
    code: 'answer-cut',
    billing: 'billed',
    images: 1,
  },
  'invalid JSON': { script: { body: '{"data":[{"b64_json":AAAA}]}' }, code: 'answer-garbled' },
  'JSON of unlimited depth': { script: { body: '[{"a":'.repeat(50_000) }, code: 'answer-garbled' },
  'text of unlimited length': {
    script: { body: `{"a":"${'x'.repeat(20_000)}"}` },
    code: 'answer-too-large',
    limits: { maxTextBytes: 10_000 },
  },
  'a name of unlimited length': {
    script: { headers: sse, body: `data: {"${'x'.repeat(20_000)}` },
    code: 'answer-too-large',
    limits: { maxTextBytes: 10_000 },
    streams: true,
  },
  'an image that is too large': {
    script: { body: document({ data: [{ b64_json: 'A'.repeat(400_000) }] }) },
    code: 'answer-too-large',
    limits: { maxImageBytes: 200_000 },
    parts: 1,
  },
  'an answer that is too large': {
    script: { headers: sse, body: event({ type: 'x', pad: 'y'.repeat(90_000) }).repeat(3) },
    code: 'answer-too-large',
    limits: { maxAnswerBytes: 150_000 },
    streams: true,
  },
  'too many images': {
    script: { body: document({ data: Array.from({ length: 9 }, () => ({ b64_json: b64 })) }) },
    code: 'answer-too-large',
    billing: 'billed',
    limits: { maxImages: 5 },
    images: 5,
  },
  'an error with status 200': {
    script: { body: document({ error: { message: 'no', code: 'rate_limit_exceeded' } }) },
    code: 'rate-limited',
  },
  'a text error with status 200': { script: { body: document({ error: 'out of memory' }) }, code: 'server-failed' },
  'compressed garbage': {
    script: { headers: { 'content-encoding': 'gzip' }, body: 'not gzip at all' },
    code: 'answer-garbled',
  },
  'a redirect': {
    script: { status: 307, headers: { location: 'https://evil.test/v1?x=1' } },
    code: 'endpoint-missing',
    billing: 'none',
  },
  'a redirect to itself': {
    script: { status: 302, headers: { location: '/v1/images/generations' } },
    code: 'endpoint-missing',
    billing: 'none',
  },
  'a reset before the head': { script: { before: [{ destroy: 'reset' }] }, code: 'connection-lost' },
  'an end before the head': { script: { before: [{ destroy: 'end' }] }, code: 'connection-lost' },
  'a reset in the body': {
    script: { body: ['{"data":[{"b64_json":"AAAAAAAA', { destroy: 'reset' }] },
    code: 'connection-lost',
  },
  'an end in the stream': {
    script: {
      headers: sse,
      body: [
        event({ type: 'image_generation.partial_image', partial_image_index: 0, b64_json: b64 }),
        { destroy: 'end' },
      ],
    },
    code: 'connection-lost',
    streams: true,
    images: 1,
  },
  'a body shorter than promised': {
    script: { headers: { 'content-length': '500' }, body: ['{"data":[', { destroy: 'end' }] },
    code: 'connection-lost',
  },
  'silence before the head': {
    script: (time) => ({ before: [time.passes(120), { hang: true }] }),
    code: 'timed-out',
    limits: { idleMs: 120 },
  },
  'silence in the body': {
    script: { body: ['{"data":[{"b64_json":"AAAA', { hang: true }] },
    code: 'timed-out',
    limits: { idleMs: 2000 },
    parts: 1,
  },
  'a response without end': {
    script: (time) => ({ body: ['{', time.passes(150), { hang: true }] }),
    code: 'timed-out',
    limits: { totalMs: 150 },
  },
};

describe('a hostile response has a clear error, one request and no incomplete files', () => {
  test.each(Object.entries(HOSTILE))(
    '%s',
    async (_name, { script, code, billing = 'possible', limits, streams, images = 0, parts }) => {
      server = await startRecordingServer(typeof script === 'function' ? script(stopTime()) : script);
      const outcome = await attempt(server.baseUrl, streams ? stream : create, limits);
      expect(outcome.error).toMatchObject({ code, billing });
      expect(outcome.error?.message).toMatch(/^[A-Z“‘0-9].{40,}\.$/su);
      expect(outcome.error?.message).not.toMatch(/!|please|undefined|null|\[object/iu);
      expect(JSON.stringify(outcome.error)).not.toContain(KEY);
      expect(server.begun).toEqual(['POST']);
      expect(outcome.images).toHaveLength(images);
      // The .part file of an image may stay if bytes of it arrived; nothing else may.
      expect(outcome.parts.length).toBeLessThanOrEqual(1);
      if (parts !== undefined) expect(outcome.parts).toHaveLength(parts);
      expect(outcome.parts.every((bytes) => bytes.length > 0)).toBe(true);
      expect(outcome.files).toHaveLength(images + outcome.parts.length);
      const stopped = ['answer-cut', 'connection-lost', 'timed-out'].includes(code);
      const keptOne = stopped && outcome.files.length > 0;
      expect(outcome.error?.notes ?? []).toEqual(keptOne ? ['kept'] : []);
    },
  );
});

/** Responds with bytes that are not HTTP, or unusual HTTP. */
async function answerRaw(
  bytes: string,
): Promise<{ baseUrl: string; connections: () => number; close(): Promise<void> }> {
  let connections = 0;
  const raw = createServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end(bytes, 'latin1'));
  });
  raw.listen(0, '127.0.0.1');
  await once(raw, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(raw.address() as AddressInfo).port}/v1`,
    connections: () => connections,
    close: async () => {
      raw.close();
      await once(raw, 'close');
    },
  };
}

describe('invalid or unusual HTTP', () => {
  test.each<[string, string, ErrorCode]>([
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n', 'answer-garbled'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x-a: b\r\n'.repeat(40_000)}\r\n`, 'answer-too-large'],
    ['a broken chunk length', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}', 'answer-garbled'],
    [
      'a chunked body that breaks off',
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{"data"',
      'connection-lost',
    ],
    [
      'a change of protocol',
      'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n',
      'connection-lost',
    ],
    ['only an interim answer', 'HTTP/1.1 100 Continue\r\n\r\n', 'connection-lost'],
  ])('%s', async (_name, bytes, code) => {
    const raw = await answerRaw(bytes);
    try {
      const outcome = await attempt(raw.baseUrl);
      expect(outcome.error).toMatchObject({ code, billing: 'possible' });
      expect(outcome.files).toEqual([]);
      expect(raw.connections()).toBe(1);
    } finally {
      await raw.close();
    }
  });
});

const LENGTH = (body: string | Buffer): string => `content-length: ${Buffer.byteLength(body)}\r\n`;
const chunked = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')]);

describe('HTTP as servers send it', () => {
  const body = document({ created: 3, data: [{ b64_json: b64 }] });
  const bytes = Buffer.from(body);
  const OK = 'HTTP/1.1 200 OK\r\n';
  const coded = (coding: string, coded: Buffer): Buffer =>
    Buffer.concat([Buffer.from(`${OK}content-encoding: ${coding}\r\n${LENGTH(coded)}\r\n`), coded]);
  const raw: Record<string, string | Buffer> = {
    '100 Continue first': `HTTP/1.1 100 Continue\r\n\r\n${OK}${LENGTH(body)}\r\n${body}`,
    'several interim responses': `HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 \r\n\r\n${OK}${LENGTH(body)}\r\n${body}`,
    'length and chunks': Buffer.concat([
      Buffer.from(`${OK}content-length: 7\r\ntransfer-encoding: chunked\r\n\r\n`),
      chunked(bytes),
    ]),
    'chunks and length': Buffer.concat([
      Buffer.from(`${OK}Transfer-Encoding: Chunked\r\nContent-Length: 99999\r\n\r\n`),
      chunked(bytes),
    ]),
    '200 KB of headers': `${OK}${'x-pad: 0123456789\r\n'.repeat(10_000)}${LENGTH(body)}\r\n${body}`,
    'one header of 100 KB': `${OK}x-pad: ${'y'.repeat(100_000)}\r\n${LENGTH(body)}\r\n${body}`,
    'lines that end in LF': `HTTP/1.1 200 OK\ncontent-type: application/json\ncontent-length: ${body.length}\n\n${body}`,
    'lines of both kinds': `HTTP/1.1 200 OK\r\nx: y\n${LENGTH(body)}\n${body}`,
    'LF and chunks': Buffer.concat([Buffer.from('HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n'), chunked(bytes)]),
    'LF and chunks with LF': `HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n5\n${body.slice(0, 5)}\n${(bytes.length - 5).toString(16)};x=y\n${body.slice(5)}\n0\nx: y\n\n`,
    'folded headers': `${OK}x-long: one\r\n two\r\n\tthree\r\n${LENGTH(body)}\r\n${body}`,
    'the same length twice': `${OK}${LENGTH(body)}${LENGTH(body)}\r\n${body}`,
    'a list of equal lengths': `${OK}content-length: ${body.length}, ${body.length}\r\n\r\n${body}`,
    'HTTP/1.0 without a length': `HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n${body}`,
    'HTTP/1.1 without a length': `${OK}\r\n${body}`,
    'no reason phrase': `HTTP/1.1 200\r\n${LENGTH(body)}\r\n${body}`,
    'headers that are none': `${OK}this is no header\r\nx y: z\r\nname : value\r\n${LENGTH(body)}\r\n${body}`,
    'control characters and Latin-1 in a header': `${OK}x: a\u0001b\u00e9\r\n${LENGTH(body)}\r\n${body}`,
    'blank lines first': `\r\n\r\n${OK}${LENGTH(body)}\r\n${body}`,
    gzip: coded('gzip', gzipSync(bytes)),
    'x-gzip': coded('X-GZIP', gzipSync(bytes)),
    deflate: coded('deflate', deflateSync(bytes)),
    'deflate without zlib’s header': coded('deflate', deflateRawSync(bytes)),
    br: coded('br', brotliCompressSync(bytes)),
    zstd: coded('zstd', zstdCompressSync(bytes)),
    'gzip, br': coded('gzip, br', brotliCompressSync(gzipSync(bytes))),
    'gzip, identity, zstd': coded('gzip, identity, zstd', zstdCompressSync(gzipSync(bytes))),
    identity: coded('identity', bytes),
    'gzip without a header': `${OK}\r\n${gzipSync(bytes).toString('latin1')}`,
    'zstd without a header': `${OK}\r\n${zstdCompressSync(bytes).toString('latin1')}`,
    'gzip twice, named once': coded('gzip', gzipSync(gzipSync(bytes))),
    'gzip named, not used': coded('gzip', bytes),
    'an unknown coding': coded('aws-chunked', bytes),
    'gzip with bytes after it': coded('gzip', Buffer.concat([gzipSync(bytes), Buffer.from('<!-- cached -->')])),
    'gzip in two members': coded(
      'gzip',
      Buffer.concat([gzipSync(bytes.subarray(0, 20)), gzipSync(bytes.subarray(20))]),
    ),
    'gzip with a name': coded('gzip', withName(gzipSync(bytes), 'answer.json')),
  };

  test.each(Object.entries(raw))('%s', async (_name, sent) => {
    const far = await answerRaw(typeof sent === 'string' ? sent : sent.toString('latin1'));
    try {
      const outcome = await attempt(far.baseUrl);
      expect(outcome).toMatchObject({ error: null, result: { images: 1 } });
      expect(outcome.images.map((image) => image.toString('base64'))).toEqual([b64]);
      expect(far.connections()).toBe(1);
    } finally {
      await far.close();
    }
  });

  test.each<[string, string | Buffer, ErrorCode]>([
    ['unequal lengths', `${OK}content-length: 5\r\ncontent-length: 6\r\n\r\n${body}`, 'connection-lost'],
    [
      'chunks with LF that are cut',
      `HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\nff\n${body.slice(0, 9)}`,
      'connection-lost',
    ],
    ['a body that is cut', `${OK}content-length: ${body.length + 1}\r\n\r\n${body.slice(0, -9)}`, 'connection-lost'],
    ['gzip that is cut', coded('gzip', gzipSync(bytes).subarray(0, 60)), 'answer-cut'],
    ['gzip whose check is cut', coded('gzip', gzipSync(bytes.subarray(0, 60)).subarray(0, -3)), 'answer-cut'],
    ['zstd that is cut', coded('zstd', zstdCompressSync(bytes).subarray(0, 60)), 'answer-cut'],
    ['br that is cut', coded('br', brotliCompressSync(bytes).subarray(0, 60)), 'answer-cut'],
    ['deflate that is cut', coded('deflate', deflateRawSync(bytes).subarray(0, 60)), 'answer-cut'],
    ['gzip with a wrong bit', coded('gzip', flipped(gzipSync(document({ created: 1 })))), 'answer-garbled'],
    ['too many codings', coded('gzip,'.repeat(50), bytes), 'answer-garbled'],
    ['a bomb', coded('gzip', gzipSync(`{"a":"${'x'.repeat(30_000_000)}`)), 'answer-too-large'],
    [
      'a bomb in a bomb',
      coded('gzip, gzip', gzipSync(gzipSync(`{"a":"${'x'.repeat(30_000_000)}`))),
      'answer-too-large',
    ],
    ['a bomb of space', coded('zstd', zstdCompressSync(Buffer.alloc(30_000_000, ' '))), 'answer-too-large'],
  ])('but not %s', async (_name, sent, code) => {
    const far = await answerRaw(typeof sent === 'string' ? sent : sent.toString('latin1'));
    try {
      const outcome = await attempt(far.baseUrl, create, { maxAnswerBytes: 20_000_000 });
      expect(outcome.error).toMatchObject({ code, billing: 'possible' });
      expect(far.connections()).toBe(1);
    } finally {
      await far.close();
    }
  });
});

/** Gzip with a file name in its header. */
function withName(gzip: Buffer, name: string): Buffer {
  const head = Buffer.from(gzip.subarray(0, 10));
  head[3] = 8;
  return Buffer.concat([head, Buffer.from(`${name}\0`), gzip.subarray(10)]);
}

function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length - 6] = (copy[copy.length - 6] ?? 0) ^ 1;
  return copy;
}

describe('unusual but complete responses', () => {
  const whole = document({
    created: 3,
    data: [{ b64_json: b64, revised_prompt: 'a fox' }],
    usage: { total_tokens: 5 },
  });

  test.each<[string, Script]>([
    ['without a content type', { headers: { 'content-type': '' }, body: whole }],
    ['called a stream', { headers: sse, body: whole }],
    ['after much space', { body: [' \n'.repeat(100), { wait: turn }, whole] }],
    ['with a byte order mark', { body: `\ufeff${whole}` }],
    ['followed by garbage', { body: `${whole}<br>Warning: something in line 7` }],
    ['that never ends', { body: [whole, { hang: true }] }],
    ['compressed', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(whole) }],
    ['with status 201', { status: 201, body: whole }],
    ['as a bare list', { body: document([{ b64_json: b64, revised_prompt: 'a fox' }]) }],
    ['at the top level', { body: document({ b64_json: b64, revised_prompt: 'a fox' }) }],
    [
      'with unknown fields around',
      {
        body: document({
          a: { b: [{ data: [1] }] },
          data: [{ index: 0, b64_json: b64, revised_prompt: 'a fox', c: null }],
        }),
      },
    ],
    [
      'as a data address',
      { body: document({ data: [{ url: `data:image/png;base64,${b64}`, revised_prompt: 'a fox' }] }) },
    ],
  ])('%s', async (_name, script) => {
    server = await startRecordingServer(script);
    const outcome = await attempt(server.baseUrl);
    expect(outcome.error).toBeNull();
    expect(outcome.images.map((bytes) => bytes.toString('base64'))).toEqual([b64]);
    expect(outcome.arrivals.at(-1)).toMatchObject({ type: 'image', position: 0, revisedPrompt: 'a fox' });
  });
});

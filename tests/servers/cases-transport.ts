import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { B64, http, PNG, type Cases } from './answers.ts';

const body = JSON.stringify({ created: 1, data: [{ b64_json: B64 }] });
const OK = 'HTTP/1.1 200 OK\r\n';
const LENGTH = `content-length: ${body.length}\r\n`;
const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
const padded = `${`${body.length.toString(16).padStart(4, '0')} `.padEnd(8)}\r\n${body}\r\n0 \r\n\r\n`;
const raw = (answer: string) => ({ answer });
const coded = (coding: string, bytes: Buffer) => ({ answer: http(bytes, { headers: { 'content-encoding': coding } }) });
const unnamed = (bytes: Buffer) => ({ answer: http(bytes) });
const gzip = gzipSync(body);

/** How servers speak HTTP. */
export const TRANSPORT: Cases = {
  'an unasked 100 Continue': raw(`HTTP/1.1 100 Continue\r\n\r\n${OK}${LENGTH}\r\n${body}`),
  '102 and 103 first': raw(
    `HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n${OK}${LENGTH}\r\n${body}`,
  ),
  'a length and chunks': raw(`${OK}content-length: 12\r\ntransfer-encoding: chunked\r\n\r\n${chunks}`),
  '19 KB of headers': raw(`${OK}${`x-trace: ${'a'.repeat(90)}\r\n`.repeat(190)}${LENGTH}\r\n${body}`),
  '200 KB of headers': raw(`${OK}${`x-trace: ${'a'.repeat(990)}\r\n`.repeat(200)}${LENGTH}\r\n${body}`),
  'LF alone': raw(`HTTP/1.1 200 OK\ncontent-length: ${body.length}\n\n${body}`),
  'padded sizes of chunks': raw(`${OK}transfer-encoding: chunked\r\n\r\n${padded}`),
  'sizes of chunks with zeros and extensions': raw(
    `${OK}transfer-encoding: chunked\r\n\r\n000${chunks.replace('\r\n', ' ; a="b;c"\r\n')}`,
  ),
  'padded sizes with LF alone': raw(
    `HTTP/1.1 200 OK\ntransfer-encoding: chunked\n\n${padded.replaceAll('\r\n', '\n')}`,
  ),
  'chunks with LF after a head with CRLF': raw(
    `${OK}transfer-encoding: chunked\r\n\r\n${chunks.replaceAll('\r\n', '\n')}`,
  ),
  'a size of a chunk that is none': {
    ...raw(`${OK}transfer-encoding: chunked\r\n\r\nx${chunks}`),
    code: 'answer-garbled',
  },
  'folded headers': raw(`${OK}x-a: b\r\n  c\r\n${LENGTH}\r\n${body}`),
  'the length twice': raw(`${OK}${LENGTH}${LENGTH}\r\n${body}`),
  'HTTP/1.0 without a length': raw(`HTTP/1.0 200 OK\r\n\r\n${body}`),
  'no reason': raw(`HTTP/1.1 200\r\n${LENGTH}\r\n${body}`),
  gzip: coded('gzip', gzip),
  'x-gzip': coded('x-gzip', gzip),
  deflate: coded('deflate', deflateSync(body)),
  'raw deflate': coded('deflate', deflateRawSync(body)),
  br: coded('br', brotliCompressSync(body)),
  zstd: coded('zstd', zstdCompressSync(body)),
  'gzip, br': coded('gzip, br', brotliCompressSync(gzip)),
  'deflate, gzip': coded('deflate, gzip', gzipSync(deflateSync(body))),
  identity: coded('identity', Buffer.from(body)),
  'gzip named br': coded('br', gzip),
  'zstd named gzip': coded('gzip', zstdCompressSync(body)),
  'gzip without a name': unnamed(gzip),
  'zstd without a name': unnamed(zstdCompressSync(body)),
  'br named gzip': coded('gzip', brotliCompressSync(body)),
  'br named deflate': coded('deflate', brotliCompressSync(body)),
  'deflate named gzip': coded('gzip', deflateSync(body)),
  'raw deflate named gzip': coded('gzip', deflateRawSync(body)),
  'raw deflate named br': coded('br', deflateRawSync(body)),
  'gzip named deflate': coded('deflate', gzip),
  'br without a name': unnamed(brotliCompressSync(body)),
  'br of events without a name': {
    answer: http(brotliCompressSync(`: keep-alive\n\ndata: ${body}\n\n`), {
      headers: { 'content-type': 'text/event-stream' },
    }),
    streamed: true,
  },
  'raw deflate without a name': unnamed(deflateRawSync(body)),
  'deflate without a name': unnamed(deflateSync(body)),
  'gzip named, not used': coded('gzip', Buffer.from(body)),
  'bytes after gzip': coded('gzip', Buffer.concat([gzip, Buffer.from('\n<!-- served by cache -->')])),
  'a compressed file': {
    answer: http(JSON.stringify({ data: [{ url: '/files/packed.png' }] })),
    gets: {
      '/files/packed.png': [
        http(gzipSync(PNG), { headers: { 'content-type': 'image/png', 'content-encoding': 'gzip' } }),
      ],
    },
  },
  'a body that is cut': {
    ...raw(`${OK}content-length: ${body.length + 9}\r\n\r\n${body.slice(0, 90)}`),
    code: 'connection-lost',
  },
  'chunks that are cut': {
    ...raw(`${OK}transfer-encoding: chunked\r\n\r\n${chunks.slice(0, 90)}`),
    code: 'connection-lost',
  },
  'gzip that is cut': { ...coded('gzip', gzip.subarray(0, 70)), code: 'answer-cut' },
  'zstd that is cut': { ...coded('zstd', zstdCompressSync(body).subarray(0, 70)), code: 'answer-cut' },
  'a bomb': { ...coded('gzip', gzipSync(`{"a":"${'b'.repeat(8_000_000)}"}`)), code: 'answer-too-large' },
  'no HTTP': { ...raw('SSH-2.0-OpenSSH_9.9\r\n'), code: 'answer-garbled' },
  'more than 256 KB of headers': {
    ...raw(`${OK}${`x-trace: ${'a'.repeat(990)}\r\n`.repeat(300)}\r\n${body}`),
    code: 'answer-too-large',
  },
};

import fc from '../../fast-check.ts';
import { describe, expect, test } from 'vitest';
import { ResponseHead } from '../../../electron/images-api/transport/response-head.ts';

/** What passes on of a response that arrives in pieces. */
function pass(response: string, cuts: number[]): string {
  const head = new ResponseHead();
  const places = [0, ...cuts.map((cut) => cut % (response.length + 1)).sort((a, b) => a - b), response.length];
  const pieces: Buffer[] = [];
  for (const [index, from] of places.entries()) {
    const chunk = Buffer.from(response.slice(from, places[index + 1]), 'latin1');
    // Copies that are overwritten afterwards detect memory that is used for too long.
    for (const piece of head.take(chunk)) pieces.push(Buffer.from(piece));
    chunk.fill(0);
  }
  return Buffer.concat([...pieces, ...head.end()]).toString('latin1');
}

const cuts = fc.array(fc.nat(500), { maxLength: 20 });

describe('the head of a response, cut anywhere', () => {
  test.each([
    ['is unchanged', 'HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\n\n', 'HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\n\n'],
    [
      'loses interim responses',
      'HTTP/1.1 100 C\r\n\r\nHTTP/1.1 103 E\nl: x\n\nHTTP/1.1 200 OK\r\n\r\nb',
      'HTTP/1.1 200 OK\r\n\r\nb',
    ],
    [
      'gets CRLF',
      'HTTP/1.0 404 Not Found\nA: b\nC:d\n\nbody\n',
      'HTTP/1.0 404 Not Found\r\nA: b\r\nC: d\r\n\r\nbody\n',
    ],
    [
      'drops a length beside chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['joins folded lines', 'HTTP/1.1 200 OK\r\nA: b\r\n  c\r\n\r\n', 'HTTP/1.1 200 OK\r\nA: b c\r\n\r\n'],
    [
      'keeps unequal lengths',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
    ],
    ['passes a change of protocol', 'HTTP/1.1 101 Switching\r\n\r\nraw', 'HTTP/1.1 101 Switching\r\n\r\nraw'],
    ['passes what is no HTTP', 'SSH-2.0-OpenSSH\r\n\r\nx', 'SSH-2.0-OpenSSH\r\n\r\nx'],
    ['passes what ends too early', 'HTTP/1.1 200 OK\r\nA: b', 'HTTP/1.1 200 OK\r\nA: b'],
    [
      'gets sizes of chunks without padding',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0003  \r\na\nb\r\n 1 ; x="y"\r\nc\r\n0 \r\n\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\nb\r\n1\r\nc\r\n0\r\n\r\n',
    ],
    [
      'leaves what is no size to the parser',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 4\r\nabc\r\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3 4\r\nabc\r\n',
    ],
    [
      'gets CRLF around chunks',
      'HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n3\na\nb\n1;x\nc\n0\nT: r\n\nrest\n',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na\nb\r\n1\r\nc\r\n0\r\nT: r\r\n\r\nrest\n',
    ],
  ])('%s', (_name, response, expected) => {
    const check = (places: number[]): void => {
      expect(pass(response, places)).toBe(expected);
    };
    fc.assert(fc.property(cuts, check));
  });
});

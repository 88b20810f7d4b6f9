import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { TEST_CERTIFICATE, TEST_KEY } from '../../fakes/certificate.ts';
import { attempt, create, stream } from '../test-calls.ts';

const image = randomBytes(3_000_000);
const event = { type: 'image_generation.completed', b64_json: image.toString('base64') };
const trusted = getCACertificates();

let server: Server;
let baseUrl: string;
let posts = 0;

beforeEach(async () => {
  posts = 0;
  server = createServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (request, response) => {
    posts += 1;
    request.resume();
    request.on('end', () => response.end(`data: ${JSON.stringify(event)}\n\n`));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `https://localhost:${(server.address() as AddressInfo).port}/v1`;
});

afterEach(async () => {
  setDefaultCACertificates(trusted);
  server.close();
  await once(server, 'close');
});

describe('over TLS', () => {
  test('a large response arrives complete', async () => {
    setDefaultCACertificates([TEST_CERTIFICATE]);
    for (const address of [baseUrl, baseUrl.replace('localhost', '127.0.0.1')]) {
      const outcome = await attempt(address, stream);
      expect(outcome.error).toBeNull();
      expect(outcome.images[0]?.equals(image)).toBe(true);
    }
  });

  test('an untrusted certificate is rejected before anything is sent', async () => {
    const outcome = await attempt(baseUrl, create);
    expect(outcome.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    expect(outcome.error?.message).toContain('certificate');
    expect(posts).toBe(0);
  });
});

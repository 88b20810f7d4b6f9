import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { unreachableError } from '../../../electron/images-api/errors/network-errors.ts';
import { listModels } from '../../../electron/images-api/client.ts';
import { trustAlso } from '../../../electron/images-api/transport/trust.ts';
import { COMPANY_CA, ISSUED, ISSUED_KEY, TEST_CERTIFICATE, TEST_KEY } from '../../fakes/certificate.ts';
import { attempt, connectTo, createFolder } from '../test-calls.ts';

const b64_json = Buffer.from('an image').toString('base64');

/** Starts a TLS server for one test. */
async function startServer(cert: string, key = ISSUED_KEY): Promise<{ baseUrl: string; posts: () => number }> {
  let posts = 0;
  const server = createServer({ key, cert }, (request, response) => {
    if (request.method === 'POST') posts += 1;
    request.resume();
    request.on('end', () => response.end(JSON.stringify({ data: [{ b64_json, id: 'gpt-image-2' }] })));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { baseUrl: `https://localhost:${(server.address() as AddressInfo).port}/v1`, posts: () => posts };
}

/** The system's store of this test: a file with one authority, as OpenSSL's own variable names it. */
let folder: Awaited<ReturnType<typeof createFolder>>;
const before = process.env.SSL_CERT_FILE;
beforeAll(async () => {
  folder = await createFolder();
  const file = join(folder.folder, 'system.pem');
  await writeFile(file, TEST_CERTIFICATE);
  process.env.SSL_CERT_FILE = file;
});
afterAll(async () => {
  if (before === undefined) delete process.env.SSL_CERT_FILE;
  else process.env.SSL_CERT_FILE = before;
  await folder.remove();
});
afterEach(() => trustAlso([]));

test.runIf(process.platform === 'linux')('what the system trusts is trusted', async () => {
  const server = await startServer(TEST_CERTIFICATE, TEST_KEY);
  expect((await attempt(server.baseUrl)).error).toBeNull();
});

describe('an extra certificate', () => {
  test('that can’t be read costs only itself, as a damaged one in a system’s list', async () => {
    const server = await startServer(ISSUED.good);
    trustAlso(['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', COMPANY_CA]);
    expect((await attempt(server.baseUrl)).error).toBeNull();
    expect(server.posts()).toBe(1);
  });

  test('is trusted from the next request on, and no longer once it is removed', async () => {
    const server = await startServer(ISSUED.good);
    expect((await attempt(server.baseUrl)).error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
    trustAlso([COMPANY_CA]);
    expect((await attempt(server.baseUrl)).error).toBeNull();
    const { models } = await listModels(connectTo(server.baseUrl), new AbortController().signal);
    expect(models).toEqual(['gpt-image-2']);
    trustAlso([]);
    expect((await attempt(server.baseUrl)).error).toMatchObject({ code: 'server-unreachable' });
    expect(server.posts()).toBe(1);
  });

  test('doesn’t make an expired or foreign certificate valid', async () => {
    trustAlso([COMPANY_CA]);
    for (const cert of [ISSUED.expired, ISSUED.early, ISSUED.other]) {
      const server = await startServer(cert);
      expect((await attempt(server.baseUrl)).error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
      expect(server.posts()).toBe(0);
    }
  });
});

describe('an untrusted certificate is told by name', () => {
  test('the issuer', async () => {
    const { error } = await attempt((await startServer(ISSUED.good)).baseUrl);
    expect(error?.message).toMatch(
      /^The certificate of localhost:\d+ was issued by “Contoso Inspection CA”, which this computer doesn’t trust\. If your company .+ under Settings, Sending; .+ Not billed\.$/u,
    );
  });

  test.each([
    ['expired', 'has expired on 3 May 2021'],
    ['early', 'isn’t valid yet: it begins on 1 January 2119'],
    ['other', 'is for another name'],
  ] as const)('%s', async (name, words) => {
    trustAlso([COMPANY_CA]);
    const { error } = await attempt((await startServer(ISSUED[name])).baseUrl);
    expect(error?.message).toContain(words);
    expect(error?.message).toContain('Not billed.');
  });
});

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown-issuer'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'unknown-issuer'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown-issuer'],
  ['CERT_HAS_EXPIRED', 'expired'],
  ['CERT_NOT_YET_VALID', 'not-yet-valid'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'wrong-name'],
  ['CERT_REVOKED', 'revoked'],
  ['CERT_SIGNATURE_FAILURE', 'invalid'],
  ['CA_MD_TOO_WEAK', 'invalid'],
  ['SOME_NEW_CERT_CODE', 'invalid'],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'protocol'],
  ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'protocol'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'client-certificate'],
])('%s is %s', (code, why) => {
  const { report } = unreachableError(Object.assign(new Error('x'), { code }), 'https://images.test/v1');
  expect(report).toMatchObject({ billing: 'none', detail: { kind: 'tls-failed', host: 'images.test', why } });
});

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openPreferences, type Preferences } from '../../electron/preferences/preferences.ts';
import { COMPANY_CA, ISSUED, ISSUED_KEY, TEST_CERTIFICATE } from '../fakes/certificate.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'emulsion-certificates-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (): Promise<Preferences> => openPreferences({ folder, cipher: null, environment: {}, demo: false });
const pem = (text: string): string => new X509Certificate(text).toString();
const KEY_DER = createPrivateKey(ISSUED_KEY).export({ type: 'pkcs8', format: 'der' });

describe('a file of certificates', () => {
  test.each([
    ['PEM', Buffer.from(COMPANY_CA), [COMPANY_CA]],
    [
      'PEM with text and Windows’ line breaks',
      Buffer.from(`Contoso\r\n${COMPANY_CA.replaceAll('\n', '\r\n')}\r\n`),
      [COMPANY_CA],
    ],
    [
      'a bundle, each once',
      Buffer.from(`${COMPANY_CA}${TEST_CERTIFICATE}${COMPANY_CA}`),
      [COMPANY_CA, TEST_CERTIFICATE],
    ],
    ['DER', new X509Certificate(COMPANY_CA).raw, [COMPANY_CA]],
  ])('%s is stored and listed', async (_, bytes, expected) => {
    await (await open()).setCertificates({ name: 'company.pem', bytes });
    const preferences = await open();
    expect(preferences.trustedPem).toEqual(expected.map(pem));
    expect(preferences.certificates?.name).toBe('company.pem');
    expect(preferences.certificates?.certificates[0]).toMatchObject({
      subject: 'Contoso Inspection CA',
      expired: false,
    });
    await preferences.setCertificates(null);
    expect((await open()).certificates).toBeNull();
  });

  test('an expired one is marked', async () => {
    const preferences = await open();
    await preferences.setCertificates({ name: 'old.pem', bytes: Buffer.from(ISSUED.expired) });
    expect(preferences.certificates?.certificates).toEqual([
      { subject: 'localhost', issuer: 'Contoso Inspection CA', validTo: Date.UTC(2021, 4, 3), expired: true },
    ]);
  });

  test.each([
    ['a private key', Buffer.from(ISSUED_KEY), /private key/u],
    ['a certificate with its key', Buffer.from(`${COMPANY_CA}${ISSUED_KEY}`), /private key/u],
    ['an encrypted key', Buffer.from('-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA'), /private key/u],
    ['a key in DER', KEY_DER, /isn’t a certificate/u],
    ['PKCS #7', Buffer.from('-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----'), /\.p7b/u],
    ['nothing', Buffer.alloc(0), /empty/u],
    ['a text', Buffer.from('hello'), /no certificate/u],
    [
      'a damaged certificate',
      Buffer.from(COMPANY_CA.replace(/[A-Z]{4}/u, 'AAAA').replace('MII', 'MIX')),
      /no certificate/u,
    ],
  ])('%s is refused and not stored', async (_, bytes, sentence) => {
    const preferences = await open();
    await preferences.setCertificates({ name: 'good.pem', bytes: Buffer.from(COMPANY_CA) });
    const refused = preferences.setCertificates({ name: 'bad.pem', bytes });
    await expect(refused).rejects.toThrow(sentence);
    await expect(refused).rejects.toMatchObject({ report: { code: 'profile-invalid', field: 'certificates' } });
    expect(preferences.certificates?.name).toBe('good.pem');
    for (const name of await readdir(folder))
      expect(await readFile(join(folder, name), 'utf8')).not.toContain('PRIVATE');
  });
});

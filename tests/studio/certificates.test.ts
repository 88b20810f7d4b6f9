import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import sharp from 'sharp';
import { expect, onTestFinished, test } from 'vitest';
import { COMPANY_CA, ISSUED, ISSUED_KEY } from '../fakes/certificate.ts';
import { asked, createRequest, openTestStudio } from './test-studio.ts';

test('behind a company’s inspection: refused by name, then trusted through the settings', async () => {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#456' } })
    .png()
    .toBuffer();
  let posts = 0;
  const server = createServer({ key: ISSUED_KEY, cert: ISSUED.good }, (request, response) => {
    posts += 1;
    request.resume();
    request.on('end', () => response.end(JSON.stringify({ data: [{ b64_json: png.toString('base64') }] })));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { api, ended } = await openTestStudio({ baseUrl: `https://localhost:${port}/v1` });
  const create = async () => ended((await api.jobs.create(asked(createRequest('A dune')))).id);

  const refused = await create();
  expect(refused).toMatchObject({ state: 'failed', error: { code: 'server-unreachable', billing: 'none' } });
  expect(refused.error?.message).toContain('was issued by “Contoso Inspection CA”');
  const base64 = Buffer.from(COMPANY_CA).toString('base64');
  const settings = await api.settings.trustCertificates({ name: 'company.pem', base64 });
  expect(settings.certificates).toMatchObject({
    name: 'company.pem',
    certificates: [{ subject: 'Contoso Inspection CA' }],
  });
  expect((await create()).state).toBe('done');
  expect((await api.settings.removeCertificates({})).certificates).toBeNull();
  expect((await create()).state).toBe('failed');
  expect(posts).toBe(1);
});

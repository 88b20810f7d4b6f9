import { v7 as uuid } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { smallPng } from '../library/test-library.ts';
import { demoServer, emptyFolder, startTestServer, KEY, openTestStudio, type TestStudio } from './test-studio.ts';

const ENVIRONMENT = 'environment' as ProfileId;

/** The events emitted during a call. */
function record({ api }: TestStudio): StudioEvent[] {
  const events: StudioEvent[] = [];
  api.subscribe((event) => events.push(event));
  return events;
}

const foundOf = async ({ api }: TestStudio) =>
  (await api.settings.get({})).profiles.find(({ id }) => id === ENVIRONMENT)?.found;

describe('without spending', () => {
  test('the demo server supports everything, and the report is saved', async () => {
    const folder = await emptyFolder();
    const { baseUrl } = await demoServer();
    const studio = await openTestStudio({ baseUrl, folder });
    const events = record(studio);
    const report = await studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: false });
    const findings = Object.fromEntries(report.lines.map(({ ability, finding, value }) => [ability, value ?? finding]));
    expect(findings).toEqual({
      models: 'yes',
      create: 'yes',
      edit: 'yes',
      variation: 'yes',
      // It reports a missing prompt first, and the probe never sends one.
      imageField: 'unknown',
      requestId: 'yes',
      streaming: 'unknown',
      usage: 'unknown',
    });
    expect(report).toMatchObject({ spent: false, models: expect.arrayContaining(['gpt-image-2']) as string[] });
    const lineCounts = events.flatMap((event) => (event.type === 'probe' ? [event.report.lines.length] : []));
    expect(lineCounts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 8]);
    expect(events.at(-1)?.type).toBe('settings');
    expect(await foundOf(studio)).toEqual(report);
    expect(await studio.api.library.newest({ limit: 10 })).toMatchObject({ all: 0 });
    await studio.studio.close();
    expect(await foundOf(await openTestStudio({ baseUrl, folder }))).toEqual(report);
  });

  test('the built-in profile can be probed too', async () => {
    const studio = await openTestStudio();
    const report = await studio.api.profiles.probe({ profileId: 'demo', spend: false });
    expect(report.lines[1]).toMatchObject({ ability: 'create', finding: 'yes' });
  });

  test('a server that is down does not change earlier findings', async () => {
    const server = await demoServer();
    const studio = await openTestStudio({ baseUrl: server.baseUrl });
    const report = await studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: false });
    await server.close();
    await expect(studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: false })).rejects.toMatchObject({
      code: 'server-unreachable',
    });
    expect(await foundOf(studio)).toEqual(report);
  });
});

describe('with one image', () => {
  test('streaming and usage are found, and the image is in the library like any other', async () => {
    const { baseUrl } = await demoServer();
    const studio = await openTestStudio({ baseUrl });
    const report = await studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: true });
    expect(report.spent).toBe(true);
    const line = (ability: string) => report.lines.find((one) => one.ability === ability);
    expect(line('streaming')).toMatchObject({
      finding: 'yes',
      why: expect.stringMatching(/^First partial image after /u) as string,
    });
    expect(line('usage')).toMatchObject({
      finding: 'yes',
      why: expect.stringMatching(/counted \d+ tokens/u) as string,
    });
    expect(line('requestId')).toMatchObject({ finding: 'yes', why: expect.stringMatching(/^req_/u) as string });
    const newest = await studio.api.library.newest({ limit: 10 });
    expect(newest.all).toBe(1);
    const record = await studio.api.library.image({ imageId: newest.images[0]!.id });
    expect(record.generation).toMatchObject({
      billing: 'billed',
      parameters: { n: 1, quality: 'low', partial_images: 1 },
    });
    // A later probe without spending keeps these findings.
    const again = await studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: false });
    expect(again.spent).toBe(false);
    expect(again.lines.find(({ ability }) => ability === 'streaming')?.finding).toBe('yes');
  });

  test('a server without streaming and usage is detected with one POST that can be billed', async () => {
    const image = (await smallPng()).toString('base64');
    let good = 0;
    const far = await startTestServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.method === 'GET') response.end('{"data":[{"id":"gpt-image-2"}]}');
      else if (Number(request.headers['content-length']) < 10 || !request.url?.endsWith('/generations')) {
        response.statusCode = 400;
        response.end('{"error":"prompt and image required"}');
      } else {
        good += 1;
        response.end(JSON.stringify({ data: [{ b64_json: image }] }));
      }
    });
    const studio = await openTestStudio({ baseUrl: far.baseUrl });
    const report = await studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: true });
    const findings = report.lines.map(({ ability, finding }) => `${ability} ${finding}`);
    expect(findings).toEqual(expect.arrayContaining(['streaming no', 'usage no', 'requestId no']));
    expect(good).toBe(1);
    expect((await studio.api.settings.get({})).profiles[0]?.found).toEqual(report);
    // A call whose answer was lost is repeated with the same id: one image.
    const imageJobId = uuid() as JobId;
    const asked = { profileId: ENVIRONMENT, spend: true, imageJobId };
    const first = await studio.api.profiles.probe(asked);
    expect((await studio.api.profiles.probe(asked)).lines.map(({ finding }) => finding)).toEqual(
      first.lines.map(({ finding }) => finding),
    );
    expect(good).toBe(2);
  });

  test('a refused image has the reason, and is not requested again', async () => {
    let good = 0;
    const far = await startTestServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.statusCode = request.method === 'GET' ? 200 : 400;
      if (request.method === 'GET') response.end('{"data":[{"id":"gpt-image-2"}]}');
      else if (Number(request.headers['content-length']) < 10) response.end('{"error":"prompt required"}');
      else {
        if (request.url?.endsWith('/generations')) good += 1;
        response.end('{"error":"stream is not supported"}');
      }
    });
    const studio = await openTestStudio({ baseUrl: far.baseUrl });
    const report = await studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: true });
    expect(report.lines.find(({ ability }) => ability === 'streaming')).toMatchObject({
      finding: 'no',
      why: 'No image was made: stream is not supported',
    });
    // No image was created and nothing was billed.
    expect(report.spent).toBe(false);
    expect(good).toBe(1);
  });

  test('no image when the server cannot create, accepted an empty request, or the queue is paused', async () => {
    const nothing = await startTestServer((_request, response) => response.writeHead(404).end('nothing here'));
    const there = await openTestStudio({ baseUrl: nothing.baseUrl });
    expect((await there.api.profiles.probe({ profileId: ENVIRONMENT, spend: true })).spent).toBe(false);
    expect(nothing.posts).toBe(3);

    const eager = await startTestServer((_request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end('{"data":[]}');
    });
    const elsewhere = await openTestStudio({ baseUrl: eager.baseUrl });
    const report = await elsewhere.api.profiles.probe({ profileId: ENVIRONMENT, spend: true });
    expect(report.spent).toBe(true);
    expect(report.lines.at(-1)?.why).toMatch(/so the test stopped\. It may have been billed/u);
    expect(eager.posts).toBe(1);

    await elsewhere.api.queue.setPaused({ paused: true });
    await expect(elsewhere.api.profiles.probe({ profileId: ENVIRONMENT, spend: true })).rejects.toThrow(
      /queue is paused/u,
    );
    expect(eager.posts).toBe(1);
  });

  test('two concurrent calls create one image', async () => {
    const { baseUrl } = await demoServer();
    const { api } = await openTestStudio({ baseUrl });
    const both = [0, 1].map(() => api.profiles.probe({ profileId: ENVIRONMENT, spend: true }));
    const [one, other] = await Promise.all(both);
    expect(one).toEqual(other);
    expect((await api.library.newest({ limit: 10 })).all).toBe(1);
    await api.profiles.probe({ profileId: ENVIRONMENT, spend: true });
    expect((await api.library.newest({ limit: 10 })).all).toBe(2);
  });

  test('the monthly cap prevents the image unless the user confirms', async () => {
    const { baseUrl } = await demoServer();
    const studio = await openTestStudio({ baseUrl });
    await studio.api.settings.change({ monthlyCap: 0 });
    await expect(studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: true })).rejects.toMatchObject({
      code: 'cap-reached',
    });
    expect(await studio.api.library.newest({ limit: 10 })).toMatchObject({ all: 0 });
    const anyway = await studio.api.profiles.probe({ profileId: ENVIRONMENT, spend: true, overCap: true });
    expect(anyway.spent).toBe(true);
    expect(await studio.api.library.newest({ limit: 10 })).toMatchObject({ all: 1 });
  });
});

test('neither a key nor a proxy’s password is sent to the renderer', async () => {
  const password = 'canary-proxy-5e81';
  const far = await startTestServer((request, response) => {
    const said = `missing prompt for ${String(request.headers['api-key'] ?? request.headers.authorization)}`;
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: said }));
  });
  const studio = await openTestStudio({ baseUrl: far.baseUrl });
  const events = record(studio);
  const { api } = studio;
  await api.settings.change({ proxy: { mode: 'manual', url: `http://me:${password}@proxy.invalid:3128` } });
  const azure = {
    organisation: null,
    project: null,
    server: 'azure-deployments' as const,
    apiVersion: '2025-04-01-preview',
  };
  const { id } = await api.profiles.save({
    id: null,
    name: 'Azure',
    baseUrl: far.baseUrl.replace('/v1', ''),
    ...azure,
  });
  await api.profiles.setKey({ profileId: id, key: KEY });
  const results: unknown[] = [await api.settings.get({})];
  for (const profileId of [id, ENVIRONMENT]) {
    results.push(await api.profiles.probe({ profileId, spend: false }));
    results.push(
      await api.profiles.check({ profileId }).catch((error: unknown) => (error as { report: unknown }).report),
    );
  }
  // The proxy is down; the error may name only its host.
  const elsewhere = { id: null, name: 'Elsewhere', organisation: null, project: null };
  const outside = await api.profiles.save({ ...elsewhere, baseUrl: 'http://server.invalid/v1' });
  results.push(
    await api.profiles
      .check({ profileId: outside.id })
      .catch((error: unknown) => (error as { report: unknown }).report),
  );
  expect(results.at(-1)).toMatchObject({
    code: 'server-unreachable',
    message: expect.stringMatching(/^The proxy proxy\.invalid:3128 can’t be used/u) as string,
  });
  for (const text of [JSON.stringify(results), JSON.stringify(events), studio.log.join('\n')]) {
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(password);
  }
});

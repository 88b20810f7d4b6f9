import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  asked,
  createRequest,
  demoServer,
  startTestServer,
  KEY,
  openTestStudio,
  type TestStudio,
} from './test-studio.ts';

const PROMPT = 'canary 5d1e on a slate sea';

/** The log file as it is now. */
const logOf = ({ folder }: TestStudio): Promise<string> => readFile(join(folder, 'logs/test.log'), 'utf8');

test('each request has a log line when sent and when ended, without prompt, key or pixels', async () => {
  const server = await demoServer();
  const studio = await openTestStudio({ baseUrl: server.baseUrl });
  const { id } = await studio.api.jobs.create(
    asked(createRequest(PROMPT, { stream: true, partial_images: 2, quality: 'low' })),
  );
  const job = await studio.ended(id);
  expect(job.state).toBe('done');
  await studio.api.host.getLog({});
  const text = await logOf(studio);
  const generation = job.generations[0]!.id;
  const lines = text.split('\n').filter((line) => line.includes(' request '));
  expect(lines).toEqual([
    expect.stringMatching(
      new RegExp(`^\\S+Z info {2}request sent id=${generation} profile=environment bytes=\\d{2,3}$`, 'u'),
    ),
    expect.stringMatching(
      new RegExp(
        `^\\S+Z info {2}request ended id=${generation} profile=environment bytes=\\d{6,} ms=\\d+ outcome=done$`,
        'u',
      ),
    ),
  ]);
  // The log level of the tests includes every call.
  expect(text).toMatch(/(?:debug call|warn {2}slow call) name=jobs\.create ms=\d+/u);
  expect(text).not.toMatch(/canary|slate/iu);
  expect(text).not.toContain(KEY);
  expect(text).not.toMatch(/[A-Za-z0-9+/]{65,}/u);
});

test('a refused and an interrupted request log their outcome', async () => {
  const far = await startTestServer((_request, response) => {
    if (far.posts > 1) response.destroy();
    else {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message: `${PROMPT} ${KEY}`, code: 'invalid_api_key' } }));
    }
  });
  const studio = await openTestStudio({ baseUrl: far.baseUrl });
  for (let turn = 0; turn < 2; turn += 1) {
    const { id } = await studio.api.jobs.create(asked(createRequest(PROMPT)));
    await studio.ended(id);
  }
  await studio.api.host.getLog({});
  const text = await logOf(studio);
  const outcomes = [...text.matchAll(/request ended .+ outcome=(\S+)$/gmu)].map(([, outcome]) => outcome);
  expect(outcomes).toEqual(['key-refused', 'connection-lost']);
  expect(text).not.toMatch(/canary/iu);
  expect(text).not.toContain(KEY);
});

test('the page can read the end of the log; revealing the file is refused when the host cannot do it', async () => {
  const studio = await openTestStudio();
  await studio.api.jobs.list({});
  const { path, lines } = await studio.api.host.getLog({});
  expect(path).toBe(join(studio.folder, 'logs/test.log'));
  expect(lines).toContainEqual(expect.stringMatching(/debug call name=jobs\.list ms=\d+$/u));
  await expect(studio.api.host.revealLog({})).rejects.toMatchObject({
    code: 'unsupported-here',
    message: `This browser can’t open folders. The log is ${path}.`,
  });
});

test('diagnostics contain versions, settings, counts and the log, and no secret', async () => {
  const studio = await openTestStudio({ baseUrl: 'https://user:canary-password@api.example.com/v1?sig=canary' });
  await studio.api.settings.change({ proxy: { mode: 'manual', url: 'http://me:canary-proxy@proxy.example.com:3128' } });
  await studio.api.profiles.save({
    id: null,
    name: 'Canary studio',
    baseUrl: 'https://images.example.com/v1',
    organisation: 'org-canary',
    project: null,
  });
  const { text } = await studio.api.host.getDiagnostics({});
  expect(text).toMatch(/^Emulsion: 0\.0\.0-test, in the browser\nSystem: .+\nRuntime: node \d+/u);
  for (const row of [
    'Library: 0 images, 0 bytes',
    'Jobs: none',
    'Queue: not paused, 0 profiles rate limited',
    'Proxy: custom',
    'Monthly cap: none',
  ])
    expect(text.split('\n')).toContain(row);
  expect(text).toMatch(/^Profile \d: saved, \w+, https:\/\/images\.example\.com\/v1, key none, 4 at once$/mu);
  expect(text).toMatch(/\nLog:\n(?:.*\n)*.*call name=profiles\.save ms=\d+/u);
  expect(text).not.toMatch(/canary/iu);
  expect(text).not.toContain(KEY);
  expect(text).not.toContain(`${homedir()}/`);
});

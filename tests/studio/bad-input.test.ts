import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { StudioError } from '../../electron/contract/errors/errors.ts';
import type { ScenarioName } from '../../electron/demo-api/request/scenarios.ts';
import { asked, createRequest, demoServer, emptyFolder, startTestServer, KEY, openTestStudio } from './test-studio.ts';

/** Text that must not be shown to users. */
const STACK = /\bat .+:\d+:\d+|Error:|undefined|\[object/u;

async function refusalOf(call: Promise<unknown>): Promise<StudioError['report']> {
  const thrown = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(thrown instanceof StudioError)) throw new Error(`Not a StudioError: ${String(thrown)}`);
  return thrown.report;
}

describe('before anything is sent', () => {
  test.each([
    ['an empty prompt', '', 'prompt-empty'],
    ['a prompt of spaces', ' \n ', 'prompt-empty'],
    ['a prompt of 32,001 characters', 'a'.repeat(32_001), 'prompt-too-long'],
  ])('%s is refused with its field, and nothing is recorded', async (_name, prompt, code) => {
    const far = await startTestServer((_request, response) => response.end());
    const { api } = await openTestStudio({ baseUrl: far.baseUrl });
    const report = await refusalOf(api.jobs.create(asked(createRequest(prompt))));
    expect(report).toMatchObject({ code, field: 'prompt', billing: 'none' });
    expect(report.message).toMatch(/Nothing was sent/u);
    expect(far.posts).toBe(0);
    expect(await api.jobs.list({})).toEqual([]);
  });

  test('32,000 characters are sent', async () => {
    const server = await demoServer();
    const { api, ended } = await openTestStudio({ baseUrl: server.baseUrl });
    expect((await ended((await api.jobs.create(asked(createRequest('a'.repeat(32_000))))).id)).state).toBe('done');
  });

  test('a profile without its key is reported', async () => {
    const { api } = await openTestStudio();
    const draft = { id: null, name: 'OpenAI', baseUrl: 'https://api.openai.com/v1', organisation: null, project: null };
    const profile = await api.profiles.save(draft);
    const report = await refusalOf(api.jobs.create(asked({ ...createRequest('A key'), profileId: profile.id })));
    expect(report).toMatchObject({ code: 'key-missing', billing: 'none' });
  });

  test('an invalid payload, an unknown endpoint and an unknown image are errors', async () => {
    const { api, studio } = await openTestStudio();
    expect(await studio.dispatch('jobs.create', { operation: 'destroy' })).toMatchObject({
      error: { code: 'bad-payload' },
    });
    expect(await studio.dispatch('jobs.explode', {})).toMatchObject({ error: { code: 'unknown-endpoint' } });
    expect(await studio.dispatch('settings.change', { theme: 'dark', __proto__: null, more: 1 })).toMatchObject({
      error: { code: 'bad-payload' },
    });
    const imageId = '01890000-0000-7000-8000-000000000000';
    expect(await refusalOf(api.library.image({ imageId }))).toMatchObject({ code: 'not-found' });
    expect((await studio.serveImage(new Request(`http://studio/images/original/${imageId}`))).status).toBe(404);
    expect((await studio.serveImage(new Request('http://studio/images/original/..%2f..%2flibrary.db'))).status).toBe(
      404,
    );
  });
});

describe('a server that refuses or fails', () => {
  test.each<[ScenarioName, string, string]>([
    ['quota', 'quota-exhausted', 'none'],
    ['moderation', 'moderation-blocked', 'none'],
    ['unverified', 'organisation-unverified', 'none'],
    ['server-error', 'server-failed', 'possible'],
    ['html', 'server-failed', 'possible'],
    ['cut', 'connection-lost', 'possible'],
    ['garbage', 'answer-garbled', 'billed'],
    ['error-in-stream', 'server-failed', 'possible'],
  ])('%s: a clear message, correct billing, and the job is kept', async (scenario, code, billing) => {
    const server = await demoServer({ scenario });
    const { api, ended, log } = await openTestStudio({ baseUrl: server.baseUrl });
    const payload = createRequest('A storm', { stream: true, partial_images: 1 });
    const job = await ended((await api.jobs.create(asked(payload))).id);
    expect(job.state).toBe('failed');
    expect(job.error).toMatchObject({ code, billing });
    expect(job.error?.message).toMatch(/\.$/u);
    expect(job.error?.message).not.toMatch(STACK);
    expect(await api.jobs.list({})).toMatchObject([{ id: job.id, dismissed: false }]);
    expect(log).toEqual([]);
  });

  test('a wrong key', async () => {
    const server = await demoServer();
    const { api, ended } = await openTestStudio({ baseUrl: server.baseUrl, key: 'sk-wrong-key-0001' });
    const job = await ended((await api.jobs.create(asked(createRequest('A key')))).id);
    expect(job.error).toMatchObject({ code: 'key-refused', billing: 'none' });
    expect(JSON.stringify(job)).not.toContain('sk-wrong-key-0001');
  });

  test('a closed port', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    const port = await new Promise<number>((resolve) =>
      probe.once('listening', () => resolve((probe.address() as AddressInfo).port)),
    );
    await new Promise((resolve) => probe.close(resolve));
    const { api, ended } = await openTestStudio({ baseUrl: `http://127.0.0.1:${port}/v1` });
    const job = await ended((await api.jobs.create(asked(createRequest('A closed port')))).id);
    expect(job.error).toMatchObject({ code: 'server-unreachable', billing: 'none' });
  });

  test('HTML with status 200 instead of JSON', async () => {
    const far = await startTestServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Sign in</title><p>Welcome</p></html>'),
    );
    const { api, ended } = await openTestStudio({ baseUrl: far.baseUrl });
    const job = await ended((await api.jobs.create(asked(createRequest('A gateway')))).id);
    expect(job.error).toMatchObject({ code: 'answer-not-json' });
    expect(far.posts).toBe(1);
  });

  test('a stream that is closed properly without its image', async () => {
    const far = await startTestServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(': keepalive\n\ndata: [DONE]\n\n'),
    );
    const { api, ended } = await openTestStudio({ baseUrl: far.baseUrl });
    const job = await ended((await api.jobs.create(asked(createRequest('No end', { stream: true })))).id);
    expect(job.error).toMatchObject({ code: 'answer-cut', billing: 'possible' });
    expect(far.posts).toBe(1);
  });

  test.each([500, 502, 503])('status %i: exactly one request', async (status) => {
    const far = await startTestServer((_request, response) =>
      response.writeHead(status, { 'retry-after': '0' }).end('{}'),
    );
    const { api, ended } = await openTestStudio({ baseUrl: far.baseUrl });
    await ended((await api.jobs.create(asked(createRequest('Once')))).id);
    expect(far.posts).toBe(1);
  });

  test('a connection that breaks after sending: exactly one request, possibly billed', async () => {
    const far = await startTestServer((request) => request.socket.destroy());
    const { api, ended } = await openTestStudio({ baseUrl: far.baseUrl });
    const job = await ended((await api.jobs.create(asked(createRequest('Interrupted')))).id);
    expect(job.error).toMatchObject({ code: 'connection-lost', billing: 'possible' });
    expect(far.posts).toBe(1);
  });

  test('partial images received before an interruption are kept', async () => {
    const server = await demoServer({ scenario: 'cut' });
    const { api, ended, studio } = await openTestStudio({ baseUrl: server.baseUrl });
    const job = await ended(
      (await api.jobs.create(asked(createRequest('Cut', { stream: true, partial_images: 3 })))).id,
    );
    const [generation] = job.generations;
    expect(generation?.partials.length).toBeGreaterThan(0);
    const served = await studio.serveImage(new Request(`http://studio/images/partial/${generation?.id}/0`));
    expect(served.status).toBe(200);
    await served.body?.cancel();
  });

  test('of two images the complete one is kept, and the damaged one has no row and no file', async () => {
    const server = await demoServer({ scenario: 'garbage' });
    const { api, ended, folder, studio } = await openTestStudio({ baseUrl: server.baseUrl });
    const job = await ended((await api.jobs.create(asked(createRequest('Half', { n: 2 })))).id);
    expect(job.state).toBe('failed');
    const { images } = await api.library.newest({ limit: 10 });
    expect(images.map(({ id }) => id)).toEqual(job.generations[0]?.images.map(({ id }) => id));
    expect(images).toHaveLength(1);
    await studio.close();
    await (await openTestStudio({ folder })).studio.close();
    expect(await readdir(join(folder, 'library', 'incoming'))).toEqual([]);
    const originals = await readdir(join(folder, 'library', 'originals'), { recursive: true });
    expect(originals.filter((name) => name.endsWith('.png'))).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('a queued job is never sent; a running one is aborted and possibly billed', async () => {
    const far = await startTestServer(() => undefined);
    const { api, ended } = await openTestStudio({ baseUrl: far.baseUrl });
    // Four requests run at once: the fifth is queued.
    const jobs = [];
    for (const name of ['1', '2', '3', '4', '5']) jobs.push(await api.jobs.create(asked(createRequest(name))));
    await expect.poll(() => far.posts).toBe(4);
    const last = jobs.at(-1);
    const first = jobs[0];
    if (!first || !last) throw new Error('No jobs.');
    const waiting = ended(last.id);
    await api.jobs.cancel({ jobId: last.id });
    expect(await waiting).toMatchObject({ state: 'cancelled', error: { code: 'cancelled', billing: 'none' } });
    const running = ended(first.id);
    await api.jobs.cancel({ jobId: first.id });
    expect(await running).toMatchObject({ state: 'cancelled', error: { code: 'cancelled', billing: 'possible' } });
    expect(far.posts).toBe(4);
  });

  test('closing the studio ends running jobs with correct billing, and the next start shows them without sending again', async () => {
    const far = await startTestServer(() => undefined);
    const first = await openTestStudio({ baseUrl: far.baseUrl });
    const { id } = await first.api.jobs.create(asked(createRequest('Left alone')));
    await expect.poll(() => far.posts).toBe(1);
    await first.studio.close();
    const second = await openTestStudio({ baseUrl: far.baseUrl, folder: first.folder });
    expect(await second.api.jobs.list({})).toMatchObject([
      { id, state: 'interrupted', error: { code: 'interrupted', billing: 'possible' } },
    ]);
    expect(far.posts).toBe(1);
  });
});

describe('a library that cannot be opened', () => {
  test('a second instance gets an error, and the first one keeps working', async () => {
    const first = await openTestStudio();
    const report = await refusalOf(openTestStudio({ folder: first.folder }));
    expect(report.code).toBe('library-locked');
    expect(await first.api.library.newest({ limit: 1 })).toMatchObject({ all: 0 });
  });

  test('a library of a newer version is not changed, and the error says to update', async () => {
    const { studio, folder } = await openTestStudio();
    await studio.close();
    const path = join(folder, 'library', 'library.db');
    const db = new Database(path);
    db.pragma('user_version = 9999');
    db.close();
    const before = await readFile(path);
    const report = await refusalOf(openTestStudio({ folder }));
    expect(report.code).toBe('library-newer');
    expect(report.message).toMatch(/newer/iu);
    expect(await readFile(path)).toEqual(before);
  });

  test('an unwritable folder is named', async () => {
    const folder = await emptyFolder();
    // A file in the place of the library folder is not writable even for root.
    await writeFile(join(folder, 'library'), 'not a folder');
    const report = await refusalOf(openTestStudio({ folder }));
    expect(report).toMatchObject({ code: 'disk-unwritable' });
    expect(report.message).toContain(join(folder, 'library'));
    expect((await stat(join(folder, 'library'))).size).toBe(12);
  });
});

describe('the key', () => {
  test('is in no result, event, file or log', async () => {
    const far = await startTestServer((request, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end(
        JSON.stringify({
          error: { message: `Incorrect API key: ${request.headers.authorization}`, code: 'invalid_api_key' },
        }),
      ),
    );
    const { api, ended, folder, log, studio } = await openTestStudio({ baseUrl: far.baseUrl });
    const seen: unknown[] = [await api.settings.get({}), await api.host.info({})];
    api.subscribe((event) => seen.push(event));
    seen.push(await ended((await api.jobs.create(asked(createRequest('A secret')))).id));
    seen.push(await refusalOf(api.profiles.check({ profileId: 'environment' })));
    await studio.close();
    const files = await readdir(folder, { recursive: true, withFileTypes: true });
    const contents = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'latin1')),
    );
    const everything = [JSON.stringify(seen), log.join('\n'), ...contents].join('\n');
    for (const form of [KEY, Buffer.from(KEY).toString('base64'), Buffer.from(KEY).toString('hex')]) {
      expect(everything).not.toContain(form);
    }
  });
});

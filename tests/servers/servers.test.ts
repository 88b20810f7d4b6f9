import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { resolveServer, SERVER_KINDS } from '../../electron/contract/catalogue/servers.ts';
import type { ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import { readDocuments } from '../../electron/library/jobs/responses.ts';
import { jobRequest, testJobService, type TestJobService } from '../jobs/test-job-service.ts';
import { withBytes } from '../library/test-library.ts';
import { http, OTHER, PNG, type Cases, type ServerCase } from './answers.ts';
import { REFUSALS } from './cases-refusals.ts';
import { BASE64, SHAPES } from './cases-shapes.ts';
import { STREAMS } from './cases-streams.ts';
import { TEXTS } from './cases-texts.ts';
import { TRANSPORT } from './cases-transport.ts';
import { startRawServer, type RawServer } from './raw-server.ts';

/*
 * How servers really answer: each case ends with the image in the library, or with an error that names the cause and keeps the server's
 * words, after one POST. Bytes are sent as they are, over real sockets. `npm run test:servers` runs all.
 */

const ALL = inject('allServers');
/** `npm test` runs every third case. */
const QUICK_SHARE = 3;
const GROUPS: Record<string, Cases> = { SHAPES, TEXTS, BASE64, STREAMS, TRANSPORT, REFUSALS };
const cases = new Map(
  Object.entries(GROUPS).flatMap(([group, list]) =>
    Object.entries(list).map(([name, one]): [string, ServerCase] => [`${group}: ${name}`, one]),
  ),
);
const FILES: Record<string, Buffer> = { '/files/image.png': PNG, '/files/other.png': OTHER };

let far: RawServer;
let run: TestJobService;
/** Answers to GET requests that were given, by path, of the current case. */
let given = new Map<string, number>();
let current: ServerCase | null = null;

beforeAll(async () => {
  far = await startRawServer(({ method, path, body }, origin) => {
    if (method === 'GET') return answerGet(path);
    const { prompt } = JSON.parse(body) as { prompt: string };
    return filled(cases.get(prompt)?.answer ?? http('', { status: 500 }), origin);
  });
});
afterAll(() => far.close());

function answerGet(path: string): string | Buffer {
  const scripted = current?.gets?.[path];
  const index = given.get(path) ?? 0;
  given.set(path, index + 1);
  if (scripted) return filled(scripted[Math.min(index, scripted.length - 1)] ?? '', far.origin);
  const file = FILES[path];
  return file ? http(file, { headers: { 'content-type': 'image/png' } }) : http('not here', { status: 404 });
}

function filled(answer: string | Buffer, origin: string): Buffer {
  const bytes = typeof answer === 'string' ? Buffer.from(answer, 'latin1') : answer;
  const text = bytes.toString('latin1');
  return /ORIGIN|HOST/u.test(text)
    ? Buffer.from(text.replaceAll('ORIGIN', origin).replaceAll('HOST', new URL(origin).host), 'latin1')
    : bytes;
}

async function openService(): Promise<TestJobService> {
  const profiles = SERVER_KINDS.map((kind) => [
    kind,
    { server: resolveServer({ server: kind, found: null, overrides: {} }) },
  ]);
  return testJobService(
    {},
    { baseUrl: () => far.baseUrl, profiles: Object.fromEntries(profiles) as Record<string, object> },
  );
}

async function send(name: string, { streamed, kind = 'compatible' }: ServerCase): Promise<Job> {
  const parameters = streamed ? { stream: true, partial_images: 1 } : {};
  const { id } = await run.queue.ask({ ...jobRequest(name, parameters), profileId: kind as ProfileId });
  return run.ended(id);
}

async function checkCase(name: string, one: ServerCase): Promise<void> {
  given = new Map();
  current = one;
  const before = far.requests.length;
  const job = await send(name, one);
  const sent = far.requests.slice(before);
  expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(sent.filter(({ path }) => path === '/files/other.png')).toEqual([]);
  const [generation] = job.generations;
  const images = generation?.images ?? [];
  if (one.code === undefined) {
    expect(job).toMatchObject({ state: 'done', error: null });
    expect(images).toHaveLength(1);
  } else {
    expect(job.error).toMatchObject({ code: one.code, ...(one.billing && { billing: one.billing }) });
    expect(job.error?.message).toContain(one.says ?? '');
    const kept = JSON.stringify([job.error?.server, generation && readDocuments(run.library.db, generation.id)]);
    expect(kept).toContain(one.kept ?? '');
  }
  for (const image of images) {
    const { sha256 } = withBytes(run.library, image);
    expect(await readFile(originalPath(run.library.folder, sha256, 'png'))).toEqual(PNG);
  }
}

describe.each(Object.keys(GROUPS))('%s', (group) => {
  const own = [...cases].filter(([name]) => name.startsWith(`${group}: `));
  const names = own.filter(([, { slow }], index) => ALL || (!slow && index % QUICK_SHARE === 0));

  // One library for all: opening one for each would cost more than the cases.
  test(`${names.length} answers`, async () => {
    run = await openService();
    const failed: string[] = [];
    for (const [name, one] of names) {
      await checkCase(name, one).catch((error: unknown) =>
        failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`),
      );
    }
    expect(failed).toEqual([]);
  });
});

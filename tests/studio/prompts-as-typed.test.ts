import { join } from 'node:path';
import sharp from 'sharp';
import { v7 as uuid } from 'uuid';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createStudioApi, type Outcome, type StudioApi } from '../../electron/contract/api.ts';
import type { JobId, ProfileId } from '../../electron/contract/entities/ids.ts';
import type { Job } from '../../electron/contract/entities/jobs.ts';
import type { Input, JobRequest } from '../../electron/contract/entities/requests.ts';
import { readPages } from '../../electron/loopback/page-files.ts';
import { startLoopbackServer } from '../../electron/loopback/server.ts';
import { loadOrCreateTokens } from '../../electron/loopback/tokens.ts';
import { startRecordingServer, type RecordedRequest, type RecordingServer } from '../fakes/recording-server.ts';
import { writePage } from '../loopback/small-page.ts';
import { PROMPTS } from '../prompts-as-typed.ts';
import { openTestStudio, type TestStudio } from './test-studio.ts';

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

interface Setting {
  api: StudioApi;
  server: RecordingServer;
  ended: TestStudio['ended'];
}

/** The studio behind the loopback host, and a server that records what arrives. Calls go over HTTP as the page sends them. */
async function open(): Promise<Setting> {
  const server = await startRecordingServer({ body: JSON.stringify({ data: [{ b64_json: PIXEL }] }) });
  onTestFinished(() => server.close());
  const { studio, ended, api: direct, folder } = await openTestStudio({ baseUrl: server.baseUrl });
  const tokens = await loadOrCreateTokens(folder);
  const host = await startLoopbackServer({
    tokens,
    pages: await readPages(await writePage(join(folder, 'page'))),
    port: 0,
    log: (sentence, thrown) => console.error(`${sentence}:`, thrown),
    studio: {
      dispatch: (endpoint, payload) => studio.dispatch(endpoint, payload),
      subscribe: (listener) => studio.subscribe(listener),
      serveImage: (request) => studio.serveImage(request),
      serveViewShape: (request) => studio.serveViewShape(request),
      receiveInput: (request) => studio.receiveInput(request),
    },
  });
  onTestFinished(() => host.close());
  const call = async (endpoint: string, payload: unknown): Promise<Outcome> => {
    const headers = { 'content-type': 'application/json', 'x-emulsion-token': tokens.session };
    const address = `http://127.0.0.1:${host.port}/api/${endpoint}`;
    const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(payload) });
    return (await answer.json()) as Outcome;
  };
  const { subscribe, addInput } = direct;
  return { api: { ...createStudioApi({ call, subscribe, upload: unused }), addInput }, server, ended };
}

/** Not the image that the server answers with: the library would replace the file while it is being sent. */
const pixel = async (): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(
    await sharp({ create: { width: 64, height: 64, channels: 3, background: 'teal' } })
      .png()
      .toBuffer(),
  );

const unused = (): never => {
  throw new Error('The test adds inputs itself.');
};

/** The form's request for a prompt; `tests/renderer/request/model/typed-prompt.test.ts` shows that it holds the prompt unchanged. */
function requestOf(prompt: string, inputs: Input[] = []): JobRequest {
  const parameters = { prompt, model: 'gpt-image-2', n: 1, size: '1024x1024' } as const;
  const profileId = 'environment' as ProfileId;
  return inputs.length === 0
    ? { operation: 'create', profileId, parameters }
    : { operation: 'edit', profileId, parameters, inputs };
}

async function send({ api, ended }: Setting, request: JobRequest): Promise<Job> {
  const id = uuid() as JobId;
  await api.jobs.create({ id, request });
  return ended(id);
}

/** The bytes of the prompt in a request's body, as UTF-8. */
function promptBytes({ json, body, headers }: RecordedRequest): Buffer {
  if (json !== undefined) return Buffer.from((json as { prompt: string }).prompt);
  const boundary = /boundary=(.*)$/u.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const start = body.indexOf('name="prompt"\r\n\r\n') + 'name="prompt"\r\n\r\n'.length;
  return body.subarray(start, body.indexOf(`\r\n--${boundary}`, start));
}

const promptOf = ({ parameters }: JobRequest): string => ('prompt' in parameters ? parameters.prompt : '');

describe('a prompt arrives byte for byte as it was typed', () => {
  test('as JSON; so it is in the job, in the library and in the list of spending', async () => {
    const setting = await open();
    const jobs = await Promise.all(PROMPTS.map((prompt) => send(setting, requestOf(prompt))));
    expect(jobs.map((job) => [job.state, promptOf(job.request)])).toEqual(PROMPTS.map((prompt) => ['done', prompt]));
    expect(arrived(setting)).toEqual(asBytes(PROMPTS));
    const { images } = await setting.api.library.newest({ limit: 100 });
    expect(images.map(({ prompt }) => prompt).sort()).toEqual(PROMPTS.toSorted());
    const [newest] = images;
    const record = newest && (await setting.api.library.image({ imageId: newest.id }));
    expect(record?.generation?.parameters).toMatchObject({ prompt: newest?.prompt });
    const span = { from: 0, to: Date.now() + 1 };
    const { lines } = await setting.api.spending.lines({ span, after: null, limit: 100 });
    expect(lines.map(({ prompt }) => prompt).sort()).toEqual(PROMPTS.toSorted());
  });

  test('in a multipart form, with line breaks as they are', async () => {
    const setting = await open();
    const input = await setting.api.addInput(new Blob([await pixel()]), 'pixel.png');
    const inputs: Input[] = [{ role: 'image', sha256: input.sha256, image: null }];
    const jobs = await Promise.all(PROMPTS.map((prompt) => send(setting, requestOf(prompt, inputs))));
    expect(jobs.flatMap(({ error }) => error ?? [])).toEqual([]);
    expect(arrived(setting)).toEqual(asBytes(PROMPTS));
    for (const { headers, body } of setting.server.requests)
      expect(headers['content-length']).toBe(String(body.length));
  });
});

/** The prompts that arrived, as hexadecimal bytes, sorted. */
function arrived({ server }: Setting): string[] {
  return server.requests.map((request) => promptBytes(request).toString('hex')).sort();
}

function asBytes(prompts: readonly string[]): string[] {
  return prompts.map((prompt) => Buffer.from(prompt).toString('hex')).sort();
}

test('half a character has no bytes: the request is refused with a sentence, and nothing is sent', async () => {
  const setting = await open();
  const refused = setting.api.jobs.create({ id: uuid(), request: requestOf('a cut emoji \ud83d here') });
  await expect(refused).rejects.toMatchObject({
    report: { code: 'parameter-invalid', field: 'prompt', billing: 'none' },
  });
  await expect(refused).rejects.toThrow('half a character, such as a cut emoji, at position 13');
  expect(setting.server.requests).toEqual([]);
});

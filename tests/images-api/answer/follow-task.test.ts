import { afterEach, describe, expect, test } from 'vitest';
import { DIALECTS, resolveServer, type ServerKind } from '../../../electron/contract/catalogue/servers.ts';
import type { Limits } from '../../../electron/images-api/transport/limits.ts';
import { startRecordingServer, type RecordingServer, type Script } from '../../fakes/recording-server.ts';
import { smallPng } from '../../library/test-library.ts';
import { stopTime } from '../stopped-time.ts';
import { attempt, connectTo, create, KEY, stream, type Outcome } from '../test-calls.ts';

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const png = await smallPng();
const b64 = png.toString('base64');
const json = (value: unknown, more: Partial<Script> = {}): Script => ({ body: JSON.stringify(value), ...more });
const limits = { pollMs: 1 };

/** What a server answers to the request, then to each GET; the last answer is repeated. HOST is its address. */
async function follow(
  answers: Script[],
  kind: ServerKind = 'compatible',
  { limits: own = limits, ...more }: Parameters<typeof attempt>[3] & { limits?: Partial<Limits> } = {},
): Promise<Outcome> {
  server = await startRecordingServer((_request, index) => {
    const script = answers[Math.min(index, answers.length - 1)] ?? {};
    const named = JSON.parse(JSON.stringify(script).replaceAll('HOST', `http://127.0.0.1:${server?.port}`)) as Script;
    return { ...script, ...named };
  });
  const connection = {
    ...connectTo(server.baseUrl),
    server: resolveServer({ server: kind, found: null, overrides: {} }),
  };
  const outcome = await attempt(server.baseUrl, create, own, { connection, ...more });
  expect(server.begun.filter((method) => method === 'POST')).toHaveLength(1);
  return outcome;
}

const gets = (): string[] => (server?.requests ?? []).filter(({ method }) => method === 'GET').map(({ path }) => path);
const queued = { id: 'task_1', object: 'generation.task', status: 'queued', progress: 0 };
const whole = json({ created: 1, data: [{ b64_json: b64 }], usage: { total_tokens: 4 } });

const FOLLOWED: Record<string, { answers: Script[]; kind?: ServerKind; paths: string[] }> = {
  'a location': {
    answers: [
      json(queued, { status: 202, headers: { location: '/v1/tasks/1', 'retry-after': '0.01' } }),
      json(queued, { status: 202 }),
      whole,
    ],
    paths: ['/v1/tasks/1', '/v1/tasks/1'],
  },
  'a location without a body': {
    answers: [{ status: 202, headers: { location: 'jobs/7' } }, whole],
    paths: ['/v1/images/jobs/7'],
  },
  'Azure’s operation-location': {
    answers: [
      json(
        { id: 'op', status: 'notRunning' },
        { status: 202, headers: { 'operation-location': 'HOST/op?api-version=1' } },
      ),
      json({ id: 'op', status: 'running' }),
      json({ id: 'op', status: 'succeeded', result: { data: [{ b64_json: b64 }] } }),
    ],
    kind: 'azure-v1',
    paths: ['/op?api-version=1', '/op?api-version=1'],
  },
  'urls.get': {
    answers: [
      json(
        { id: 'p', status: 'starting', output: null, error: null, urls: { get: 'HOST/v1/predictions/p' } },
        { status: 201 },
      ),
      json({ id: 'p', status: 'processing' }),
      json({ id: 'p', status: 'succeeded', output: [`data:image/png;base64,${b64}`] }),
    ],
    paths: ['/v1/predictions/p', '/v1/predictions/p'],
  },
  'a status URL and a response URL': {
    answers: [
      json({ status: 'IN_QUEUE', request_id: 'r', status_url: 'HOST/r/status', response_url: 'HOST/r' }),
      json({ status: 'IN_PROGRESS', request_id: 'r', response_url: 'HOST/r' }),
      json({ status: 'COMPLETED', request_id: 'r', response_url: 'HOST/r' }),
      json({ images: [{ image: b64 }] }),
    ],
    paths: ['/r/status', '/r/status', '/r'],
  },
  'a polling URL': {
    answers: [
      json({ id: 'b', polling_url: 'HOST/get?id=b', status: 'Pending' }),
      json({ id: 'b', status: 'Ready', result: { sample: `data:image/png;base64,${b64}` } }),
    ],
    paths: ['/get?id=b'],
  },
  'the path of a relay': {
    answers: [json({ code: 200, data: [{ task_id: 'ignored' }], task_id: 't/1', status: 'submitted' }), whole],
    kind: 'relay',
    paths: ['/v1/tasks/t%2F1'],
  },
  'a wrapped task of a relay': {
    answers: [
      json({ code: 0, message: 'success', data: { task_id: 'w', task_status: 'PENDING' } }),
      json({ code: 0, data: { task_id: 'w', task_status: 'SUCCEED', images: [{ b64_json: b64 }] } }),
    ],
    kind: 'relay',
    paths: ['/v1/tasks/w'],
  },
  'a redirect to the result': {
    answers: [
      json(queued, { status: 202, headers: { location: '/q/1' } }),
      { status: 303, headers: { location: '/result/1' } },
      whole,
    ],
    paths: ['/q/1', '/result/1'],
  },
  'failures on the way': {
    answers: [
      json(queued, { status: 202, headers: { location: '/q' } }),
      { status: 404 },
      { status: 503, body: 'busy' },
      { before: [{ destroy: 'reset' }] },
      { status: 429, headers: { 'retry-after': '0.001' } },
      whole,
    ],
    paths: ['/q', '/q', '/q', '/q'],
  },
};

describe('a task is followed to its image', () => {
  test.each(Object.entries(FOLLOWED))('by %s', async (_name, { answers, kind, paths }) => {
    const outcome = await follow(answers, kind);
    expect(outcome).toMatchObject({ error: null, images: [png], result: { images: 1 } });
    expect(gets().slice(0, paths.length)).toEqual(paths);
  });

  test('through an event stream', async () => {
    server = await startRecordingServer(({ method }) =>
      method === 'GET'
        ? whole
        : {
            headers: { 'content-type': 'text/event-stream' },
            body: `data: ${JSON.stringify({ ...queued, status_url: '/s' })}\n\n`,
          },
    );
    expect(await attempt(server.baseUrl, stream, limits)).toMatchObject({ error: null, images: [png] });
    expect(server.begun).toEqual(['POST', 'GET']);
  });

  test('with the key, and its usage counts', async () => {
    const outcome = await follow([json(queued, { status: 202, headers: { location: '/q' } }), whole]);
    expect(outcome.result?.answer.usage).toEqual({ total_tokens: 4 });
    expect(server?.requests[1]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(outcome.documents).toHaveLength(2);
  });

  test('counts the request as sent, and not the questions', async () => {
    let sent = 0;
    const traffic = { sent: () => (sent += 1), received: () => undefined };
    await follow([json(queued, { status: 202, headers: { location: '/q' } }), whole], 'compatible', { traffic });
    expect(sent).toBe(1);
  });
});

describe('a task that isn’t followed', () => {
  test.each<[string, Script, string | null]>([
    ['of an unknown kind', json(queued, { status: 202 }), 'task_1'],
    ['with status 200', json({ task_id: 'abc', status: 'processing' }), 'abc'],
    ['without a status', json({ code: 200, msg: 'ok', data: { task_id: 'abc' } }), 'abc'],
    ['that says that it was accepted', json({ task_id: 'abc', message: 'Task accepted.' }), 'abc'],
    ['on another server', json(queued, { status: 202, headers: { location: 'http://127.0.0.2:1/q' } }), 'task_1'],
    ['on another port', json({ ...queued, status_url: 'http://127.0.0.1:1/q' }), 'task_1'],
    ['whose address is its page', json({ ...queued, url: '/dashboard/task_1' }), 'task_1'],
    ['without a body', { status: 202 }, null],
  ])('%s is shown', async (_name, script, id) => {
    const outcome = await follow([script]);
    expect(outcome.error).toMatchObject({
      code: 'answer-empty',
      billing: 'possible',
      detail: { kind: 'task-without-image', id, why: 'shown' },
    });
    expect(outcome.error?.message).toContain('The server made a task; image not included.');
    expect(gets()).toEqual([]);
    if (id !== null) expect(JSON.stringify(outcome.documents)).toContain(id);
  });

  test('that has ended without an image is an answer without one', async () => {
    const outcome = await follow([json({ id: 'r', object: 'response', status: 'completed', output: [] })]);
    expect(outcome.error).toMatchObject({ code: 'answer-empty', detail: { kind: 'response-without-image' } });
  });

  test('that fails says why', async () => {
    const outcome = await follow([
      json({ ...queued, status_url: '/q' }),
      json({ id: 'task_1', status: 'failed', error: { message: 'NSFW' } }),
    ]);
    expect(outcome.error).toMatchObject({ billing: 'possible', server: { message: 'NSFW' } });
  });

  test.each([
    [403, 1],
    [404, 9],
  ])('whose result is refused with %i ends', async (status, times) => {
    const outcome = await follow([
      json({ ...queued, status_url: '/q' }),
      { status, body: JSON.stringify({ error: { message: 'no' } }) },
    ]);
    expect(outcome.error).toMatchObject({
      code: 'answer-empty',
      billing: 'possible',
      detail: { id: 'task_1', why: 'refused' },
      server: { message: 'no', status },
    });
    expect(gets()).toHaveLength(times);
  });

  test.each<[string, Script[]]>([
    ['that answers with a redirect to itself', [{ status: 302, headers: { location: '/q' } }]],
    ['that is moved to another server', [{ status: 302, headers: { location: 'http://127.0.0.2:1/q' } }]],
    [
      'that is moved in a circle',
      ['/q', '/r', '/q', '/r', '/q', '/r', '/q', '/r', '/q', '/r', '/q', '/r'].map((location) => ({
        status: 303,
        headers: { location },
      })),
    ],
  ])('%s ends after a few questions', async (_name, answers) => {
    const outcome = await follow([json({ ...queued, status_url: '/q' }), ...answers]);
    expect(outcome.error).toMatchObject({ code: 'answer-empty', detail: { id: 'task_1', why: 'refused' } });
    expect(gets().length).toBeLessThan(12);
  });

  test('that was moved is asked at the same pace as before', async () => {
    const since = performance.now();
    const moved = { status: 303, headers: { location: '/r' } };
    const outcome = await follow([json({ ...queued, status_url: '/q' }), moved, json(queued), whole], 'compatible', {
      limits: { pollMs: 200 },
    });
    expect(outcome).toMatchObject({ error: null, images: [png] });
    // 200 + 300 ms; without the pause after the move 200.
    expect(performance.now() - since).toBeGreaterThan(480);
  });

  test('that never ends is given up with the request’s time', async () => {
    const time = stopTime();
    server = await startRecordingServer(({ method }) =>
      json({ ...queued, status_url: '/q' }, method === 'GET' ? { before: [time.passes(200)] } : {}),
    );
    const outcome = await attempt(server.baseUrl, create, { pollMs: 1, totalMs: 400 });
    expect(outcome.error).toMatchObject({
      code: 'timed-out',
      billing: 'possible',
      detail: { id: 'task_1', why: 'timed-out' },
    });
    expect(server.begun.filter((method) => method === 'POST')).toHaveLength(1);
  });

  test('that is stopped may go on', async () => {
    const stop = new AbortController();
    server = await startRecordingServer(({ method }) => {
      if (method === 'GET') setTimeout(() => stop.abort(), 5);
      return json({ ...queued, status_url: '/q' });
    });
    const outcome = await attempt(server.baseUrl, create, { pollMs: 50 }, { signal: stop.signal });
    expect(outcome.error).toMatchObject({
      code: 'cancelled',
      billing: 'possible',
      detail: { id: 'task_1', why: 'stopped' },
    });
    const asked = server.begun.length;
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(server.begun).toHaveLength(asked);
  });

  test('hides the key in its id', async () => {
    const outcome = await follow([json({ ...queued, id: `task-${KEY}` }, { status: 202 })]);
    expect(JSON.stringify([outcome.error, outcome.documents])).not.toContain(KEY);
  });
});

test('OpenAI’s own answers are never followed', () => expect(DIALECTS.openai.tasks).toEqual([]));

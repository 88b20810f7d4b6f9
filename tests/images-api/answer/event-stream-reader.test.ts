import { setImmediate as turn } from 'node:timers/promises';
import fc from '../../fast-check.ts';
import { afterEach, describe, expect, test } from 'vitest';
import { startRecordingServer, type RecordingServer, type Script, type Step } from '../../fakes/recording-server.ts';
import { attempt, create, stream, type Outcome } from '../test-calls.ts';

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const image = (seed: number, length = 40): Buffer =>
  Buffer.from(Array.from({ length }, (_, at) => (seed * 31 + at * 7) % 256));
const first = image(1);
const second = image(2, 41);
const final = image(3, 42);
const partial = (index: number, bytes: Buffer) => ({
  type: 'image_generation.partial_image',
  partial_image_index: index,
  b64_json: bytes.toString('base64'),
  size: '1024x1024',
});
const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
const completed = (bytes = final) => ({
  type: 'image_generation.completed',
  b64_json: bytes.toString('base64'),
  created_at: 1_795_300_000,
  background: 'opaque',
  output_format: 'png',
  quality: 'high',
  size: '1024x1024',
  usage,
});
const line = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;
const whole = line(partial(0, first)) + line(partial(1, second)) + line(completed());

async function answer(body: Script['body'], more: Partial<Script> = {}, call = stream): Promise<Outcome> {
  await server?.close();
  server = await startRecordingServer({ headers: { 'content-type': 'text/event-stream' }, body, ...more });
  const outcome = await attempt(server.baseUrl, call);
  expect(server.begun).toEqual(['POST']);
  return outcome;
}

/** A text or bytes split at the given positions, each part in its own packet where the system allows it. */
function cut(bytes: Buffer, places: number[]): Step[] {
  const sorted = [0, ...places.map((place) => place % bytes.length).sort((left, right) => left - right), bytes.length];
  return sorted.flatMap((from, index) => {
    const piece = bytes.subarray(from, sorted[index + 1] ?? bytes.length);
    return piece.length > 0 ? [piece, { wait: turn }] : [];
  });
}

function expectWhole(outcome: Outcome): void {
  expect(outcome.error).toBeNull();
  expect(outcome.images).toEqual([first, second, final]);
  expect(outcome.arrivals.map(({ type }) => type)).toEqual(['head', 'partial', 'partial', 'image']);
  expect(outcome.files).toHaveLength(3);
  expect(outcome.result).toMatchObject({
    status: 200,
    images: 1,
    answer: {
      created: 1_795_300_000,
      background: 'opaque',
      output_format: 'png',
      quality: 'high',
      size: '1024x1024',
      usage,
    },
  });
}

describe('a streamed response', () => {
  test('has partial images, the image and its metadata', async () => {
    expectWhole(
      await answer(whole, { headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_1' } }),
    );
  });

  test.each<[string, string]>([
    ['[DONE] at the end', `${whole}data: [DONE]\n\n`],
    ['CRLF', whole.replaceAll('\n', '\r\n')],
    ['CR', whole.replaceAll('\n', '\r')],
    ['no space after the colon', whole.replaceAll('data: ', 'data:')],
    [
      'comments and other fields everywhere',
      `: hello\n\n${whole.replaceAll('\n\n', '\n: keepalive\nid: 7\nretry: 10\nother\n\n:\n\n:keepalive\n\n')}`,
    ],
    ['types only in event lines', whole.replaceAll(/data: \{"type":"([^"]+)",/gu, 'event: $1\ndata: {')],
    ['several data lines to an event', whole.replaceAll(',"', '\ndata: ,"')],
    ['no blank line at the end', whole.trimEnd()],
    ['a byte order mark', `\ufeff${whole}`],
    ['a number on the finished image too', whole.replace('.completed",', '.completed","partial_image_index":3,')],
    ['events of other kinds', `data: ping\n\ndata: {"type":"status"}\n\nevent: ping\n\n${whole}`],
  ])('with %s', async (_name, body) => expectWhole(await answer(body)));

  test('is read for any chunk boundaries', async () => {
    const bytes = Buffer.from(whole.replaceAll('\n', '\r\n'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (places) =>
        expectWhole(await answer(cut(bytes, places))),
      ),
      { numRuns: 25 },
    );
  });

  test('is read for every split of a small event', async () => {
    const bytes = Buffer.from(`event: image_generation.completed\r\ndata: {"b64_json":"\\/AAA"}\r\n\r\n`);
    let at = 0;
    server = await startRecordingServer(() => ({
      headers: { 'content-type': 'text/event-stream' },
      body: cut(bytes, [at]),
    }));
    for (at = 1; at < bytes.length; at += 1) {
      const outcome = await attempt(server.baseUrl, stream);
      expect(outcome.images).toEqual([Buffer.from('/AAA', 'base64')]);
    }
  });

  test('of many megabytes with escaped slashes is read', async () => {
    const big = image(5, 3_000_001);
    const json = JSON.stringify({ ...completed(big) }).replaceAll('/', '\\/');
    const outcome = await answer(`data: ${json}\n\n`);
    expect(outcome.error).toBeNull();
    expect(outcome.images[0]?.equals(big)).toBe(true);
  });

  test('that the server does not close ends with the last image', async () => {
    expectWhole(await answer([whole, { hang: true }]));
  });

  test('is complete when the connection breaks after the last event, with or without blank line', async () => {
    expectWhole(await answer([whole.trimEnd(), { destroy: 'end' }]));
  });

  test('may be one JSON document although a stream was requested', async () => {
    const json = JSON.stringify({ created: 5, data: [{ b64_json: final.toString('base64') }] });
    const outcome = await answer(json, { headers: { 'content-type': 'application/json' } });
    expect(outcome).toMatchObject({ error: null, images: [final], result: { answer: { created: 5 } } });
  });

  test('is recognised without a request for it and with any content type', async () => {
    const outcome = await answer(line(completed()), { headers: { 'content-type': 'application/json' } }, create);
    expect(outcome).toMatchObject({ error: null, images: [final] });
  });

  test('may have images one by one before an end without image', async () => {
    const one = (index: number, bytes: Buffer) =>
      line({ type: 'image_generation.partial_succeeded', image_index: index, b64_json: bytes.toString('base64') });
    const call = { ...stream, parameters: { ...stream.parameters, n: 4 } } as typeof stream;
    const outcome = await answer(
      one(0, first) + one(1, second) + line({ type: 'image_generation.completed', usage }),
      {},
      call,
    );
    expect(outcome).toMatchObject({
      error: null,
      images: [first, second],
      result: { images: 2, answer: { usage } },
    });
    const lost = await answer(one(0, first), {}, call);
    expect(lost).toMatchObject({ error: { code: 'answer-cut', billing: 'billed' }, images: [first] });
  });

  test('may have several images', async () => {
    const call = { ...stream, parameters: { ...stream.parameters, n: 2 } } as typeof stream;
    const outcome = await answer(line(completed(first)) + line(completed(second)), {}, call);
    expect(outcome).toMatchObject({ error: null, images: [first, second] });
    expect(outcome.arrivals.slice(1).map((arrival) => arrival.type === 'image' && arrival.position)).toEqual([0, 1]);
  });
});

describe('a stream that isn’t quite one', () => {
  const b64 = final.toString('base64');
  const document = JSON.stringify({ created: 5, data: [{ b64_json: b64 }], usage });

  test.each<[string, string]>([
    ['comments, then a document', `: keep-alive\n\n: keep-alive\n\n${document}`],
    ['comments with CR, then a document in lines', `:\r\r: x\r${JSON.stringify(JSON.parse(document), null, 2)}`],
    ['a byte order mark and blank lines before comments', `\ufeff\r\n\r\n:x\r\n\r\n${document}\r\n`],
    ['other fields, then a document', `retry: 100\nid: 4\n\nevent: ping\n\n${document}`],
    ['a ping event, then a document', `data: ping\n\n${document}`],
    ['a list after comments', `: x\n[${JSON.stringify({ b64_json: b64 })}]`],
    ['a list in an event', `data: [${JSON.stringify({ b64_json: b64 })}]\n\n`],
    ['a complete response in an event', `data: ${document}\n\ndata: [DONE]\n\n`],
    ['[DONE] on the same line', `data: ${document}[DONE]\n\n`],
    ['[DONE] on the next line', `data: ${document}\ndata: [DONE]\n`],
    ['no blank line anywhere', `data: {"type":"status"}\ndata: ${document}`],
    ['named events without blank lines', `event: a\ndata: {}\nevent: image_generation.completed\ndata: ${document}\n`],
    ['a document of no type', `data: {"b64_json":"${b64}"}\n\n`],
    ['an unknown event', `event: something.new\ndata: {"image":"data:image/png;base64,${b64}"}\n\n`],
    ['one document a line', `{"status":"working"}\n{"status":"nearly"}\n${document}\n`],
    ['a trailing comma', `data: {"type":"image_generation.completed","b64_json":"${b64}",}\n\n`],
    ['an end in the middle, after the image', `data: {"type":"image_generation.completed","b64_json":"${b64}"\n\n`],
    ...[{}, '', null, false, [], 0, { message: '', code: null }].map((error): [string, string] => [
      `the error ${JSON.stringify(error)} beside an image`,
      `data: ${JSON.stringify({ ...completed(), error })}\n\n`,
    ]),
  ])('%s', async (_name, body) => {
    expect(await answer(body)).toMatchObject({ error: null, images: [final], result: { images: 1 }, parts: [] });
    const cuts = Array.from({ length: body.length }, (_, at) => at).filter((at) => at % 7 === 0);
    expect(await answer(cut(Buffer.from(body), cuts))).toMatchObject({ error: null, images: [final] });
  });

  test('is announced as JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    expect(await answer(`:\n\n${whole}`, { headers })).toMatchObject({ error: null, images: [first, second, final] });
  });

  test.each<[string, string, string]>([
    [
      'comments, then an error',
      ': x\n\n: x\n\n{"error":{"message":"no","code":"rate_limit_exceeded"}}',
      'rate-limited',
    ],
    ['comments, then half a document', `: x\n\n${document.slice(0, -40)}`, 'answer-cut'],
    ['comments, then a document without image', ': x\n\n{"created":1}', 'answer-empty'],
    ['an empty error without an image', 'data: {"error":{}}\n\n', 'answer-cut'],
  ])('%s', async (_name, body, code) => {
    expect((await answer(body)).error).toMatchObject({
      code,
      server: code === 'rate-limited' ? { message: 'no' } : {},
    });
  });

  test('an image whose event is cut off after it is kept as an image', async () => {
    const outcome = await answer(line(completed()).slice(0, -60));
    expect(outcome).toMatchObject({
      error: { code: 'answer-cut', billing: 'billed', notes: ['kept'] },
      images: [final],
    });
  });
});

describe('partial images are counted as they arrive', () => {
  const indices = ({ arrivals }: Outcome): number[] =>
    arrivals.flatMap((arrival) => (arrival.type === 'partial' ? [arrival.index] : []));

  test.each<[string, unknown[]]>([
    ['sends none', [undefined, undefined, undefined]],
    ['sends the same number each time', [0, 0, 0]],
    ['counts from below nothing', [-1, 0, 1]],
    ['sends fractions', [0.5, 1.5, 1e300]],
    ['sends words', ['0', null, {}]],
    ['counts backwards', [2, 1, 0]],
  ])('for any number of the server: it %s', async (_name, numbers) => {
    const partials = numbers.map((index) => line({ ...partial(0, first), partial_image_index: index }));
    const outcome = await answer([...partials, line(completed())]);
    expect(outcome).toMatchObject({ error: null, images: [first, first, first, final], result: { images: 1 } });
    expect(indices(outcome)).toEqual([0, 1, 2]);
  });

  test('without damaged ones, from 0 for each call', async () => {
    const damaged = line({ ...partial(0, first), b64_json: 'AA!A' });
    const body = damaged + line(partial(1, first)) + line(partial(2, second)) + line(completed());
    for (let call = 0; call < 2; call += 1) expect(indices(await answer(body))).toEqual([0, 1]);
  });
});

describe('an incomplete streamed response', () => {
  test('without an end is truncated, and complete images are kept', async () => {
    const outcome = await answer(line(partial(0, first)));
    expect(outcome).toMatchObject({ error: { code: 'answer-cut', billing: 'possible' }, images: [first] });
    expect(outcome.error?.notes).toEqual(['kept']);
    expect(outcome.error?.message).toContain('It may have been billed, so it won’t be sent again automatically.');
    expect(outcome.files).toHaveLength(1);
  });

  test('truncated inside the image keeps its beginning as a .part file', async () => {
    const outcome = await answer([line(partial(0, first)), line(completed()).slice(0, 90)]);
    expect(outcome).toMatchObject({ error: { code: 'answer-cut' }, images: [first] });
    expect(outcome.parts).toHaveLength(1);
    expect(outcome.parts[0]?.length).toBeGreaterThan(10);
    expect(final.subarray(0, outcome.parts[0]?.length)).toEqual(outcome.parts[0]);
  });

  test('truncated inside a partial image removes that one', async () => {
    const outcome = await answer([line(partial(0, first)), line(partial(1, second)).slice(0, 120)]);
    expect(outcome).toMatchObject({ error: { code: 'answer-cut' }, images: [first], parts: [] });
    expect(outcome.files).toHaveLength(1);
    const alone = await answer(line(partial(0, first)).slice(0, 120));
    expect(alone).toMatchObject({ error: { code: 'answer-cut' }, files: [] });
    expect(alone.error?.notes).toBeUndefined();
  });

  test('with a damaged partial image is complete without it', async () => {
    const outcome = await answer(
      line({ ...partial(0, first), b64_json: 'AA!A' }) + line(partial(1, second)) + line(completed()),
    );
    expect(outcome).toMatchObject({ error: null, images: [second, final], parts: [] });
    expect(outcome.files).toHaveLength(2);
  });

  test('with a damaged image reports it', async () => {
    const outcome = await answer(line({ ...completed(), b64_json: `${final.toString('base64').slice(0, 20)}*AAA` }));
    expect(outcome.error).toMatchObject({ code: 'answer-garbled', billing: 'billed' });
    expect(outcome.images).toEqual([]);
  });

  test('with an error inside reports the server’s message', async () => {
    const error = {
      message: 'Rejected by the safety system. safety_violations=[violence]',
      type: 'image_generation_user_error',
      code: 'moderation_blocked',
      param: null,
    };
    const outcome = await answer(line(partial(0, first)) + line({ type: 'error', error }), {
      headers: { 'content-type': 'text/event-stream', 'x-request-id': 'req_9' },
    });
    expect(outcome.error).toMatchObject({
      code: 'moderation-blocked',
      billing: 'possible',
      server: { message: error.message, code: 'moderation_blocked', requestId: 'req_9', status: 200 },
    });
    expect(outcome.images).toEqual([first]);
  });

  test.each<[string, string, string]>([
    ['nothing but comments', ': keepalive\n\n: keepalive\n\n', 'answer-cut'],
    ['only [DONE]', 'data: [DONE]\n\n', 'answer-cut'],
    ['an end without an image', line({ type: 'image_generation.completed' }), 'answer-empty'],
    ['broken JSON', 'data: {"type":"image_generation.completed","b64_json":AAAA}\n\n', 'answer-garbled'],
    ['JSON that ends in the middle', 'data: {"type":"image_generation.completed","b64_json"\n\n', 'answer-garbled'],
    ['a plain error', 'data: {"error":"out of memory"}\n\n', 'server-failed'],
    ['an event of error', 'event: error\ndata: {"message":"no","code":"rate_limit_exceeded"}\n\n', 'rate-limited'],
  ])('with %s', async (_name, body, code) => {
    const outcome = await answer(body);
    expect(outcome.error?.code).toBe(code);
    expect(outcome.error?.notes).toBeUndefined();
    expect(outcome.images).toEqual([]);
  });
});

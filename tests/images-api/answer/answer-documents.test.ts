import { setImmediate as turn } from 'node:timers/promises';
import fc from '../../fast-check.ts';
import { afterEach, describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { ResponseMetadataSchema } from '../../../electron/contract/entities/generations.ts';
import { startRecordingServer, type RecordingServer, type Script, type Step } from '../../fakes/recording-server.ts';
import { attempt, create, KEY, sha256, stream, type Outcome } from '../test-calls.ts';

/*
 * The stored response without pixels: every document as the server sent it, with `{ bytes, sha256 }` in place of each image.
 */

let server: RecordingServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

const first = Buffer.from('an early look at a fox');
const final = Buffer.from('a fox in the snow, whole');
const figures = (bytes: Buffer) => ({ bytes: bytes.length, sha256: sha256(bytes) });
const partial = {
  type: 'image_generation.partial_image',
  partial_image_index: 0,
  b64_json: first.toString('base64'),
  size: '1024x1024',
};
const completed = {
  type: 'image_generation.completed',
  b64_json: final.toString('base64'),
  created_at: 1_795_300_000,
  nobody: { has: ['heard', null, 1.5, true] },
  usage: { input_tokens: 1, output_tokens: 2, total_tokens: 3 },
};
const events = [
  { ...partial, b64_json: figures(first) },
  { ...completed, b64_json: figures(final) },
];
const line = (event: object): string => `data: ${JSON.stringify(event)}\n\n`;
const sse = { 'content-type': 'text/event-stream' };

async function answer(script: Script, call = create): Promise<Outcome> {
  await server?.close();
  server = await startRecordingServer(script);
  const outcome = await attempt(server.baseUrl, call);
  // The result has the same documents as the events.
  if (outcome.result) expect(outcome.result.documents).toEqual(outcome.documents);
  return outcome;
}

function cut(bytes: Buffer, places: number[]): Step[] {
  const sorted = [0, ...places.map((place) => place % bytes.length).sort((left, right) => left - right), bytes.length];
  return sorted.flatMap((from, index) => {
    const piece = bytes.subarray(from, sorted[index + 1] ?? bytes.length);
    return piece.length > 0 ? [piece, { wait: turn }] : [];
  });
}

describe('a complete response', () => {
  test('in one document keeps every field, with size and hash in place of pixels', async () => {
    const body = {
      created: 5,
      background: 'opaque',
      data: [
        { b64_json: final.toString('base64'), revised_prompt: 'a fox', score: 0.5 },
        { url: `data:image/png;base64,${first.toString('base64')}`, revised_prompt: null },
      ],
      unknown: { nested: [{ deep: null }] },
    };
    const { error, documents } = await answer({ body: JSON.stringify(body) });
    expect(error).toBeNull();
    expect(documents).toEqual([
      {
        ...body,
        data: [
          { b64_json: figures(final), revised_prompt: 'a fox', score: 0.5 },
          { url: figures(first), revised_prompt: null },
        ],
      },
    ]);
  });

  test('in events keeps every event, including unknown ones', async () => {
    const body = `: hello\n\n${line({ type: 'queue.position', place: 3 })}${line(partial)}${line(completed)}data: [DONE]\n\n`;
    const { documents } = await answer({ headers: sse, body }, stream);
    expect(documents).toEqual([{ type: 'queue.position', place: 3 }, ...events]);
  });

  test('is the same for any chunk boundaries', async () => {
    const bytes = Buffer.from((line(partial) + line(completed)).replaceAll('\n', '\r\n').replaceAll('/', '\\/'));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 30 }), async (places) => {
        const { documents } = await answer({ headers: sse, body: cut(bytes, places) }, stream);
        expect(documents).toEqual(events);
      }),
      { numRuns: 25 },
    );
  });

  test('keeps an image’s URL before the download, without credentials', async () => {
    const body = JSON.stringify({ data: [{ url: 'http://me:secret@127.0.0.1:1/a.png?sig=1' }] });
    const { error, documents } = await answer({ body });
    expect(error).not.toBeNull();
    expect(documents).toEqual([{ data: [{ url: 'http://127.0.0.1:1/a.png?sig=1' }] }]);
  });

  test('keeps text that only starts like a data URL', async () => {
    const revised_prompt = 'data: a chart, of foxes';
    const { documents } = await answer({ body: JSON.stringify({ data: [{ ...completed, revised_prompt }] }) });
    expect(documents).toMatchObject([{ data: [{ revised_prompt }] }]);
  });
});

describe('a failed response keeps what was received', () => {
  test('the body of an error response, as JSON', async () => {
    const body = { error: { message: 'No.', code: 'moderation_blocked', details: { stage: 'input' } }, extra: 1 };
    expect((await answer({ status: 400, body: JSON.stringify(body) })).documents).toEqual([body]);
  });

  test('a web page, as its text', async () => {
    const page = '<html><title>502</title></html>';
    const remark = [{ emulsion: expect.stringMatching(/^This isn’t JSON/u) as string, text: page }];
    expect((await answer({ status: 502, body: page })).documents).toEqual(remark);
    expect((await answer({ body: page })).documents).toEqual(remark);
  });

  test('an error inside a stream, after the events before it', async () => {
    const error = { type: 'error', error: { message: 'No.', code: 'moderation_blocked' } };
    const { documents } = await answer({ headers: sse, body: line(partial) + line(error) }, stream);
    expect(documents).toEqual([events[0], error]);
  });

  test('complete events and the beginning of the truncated one, without its pixels', async () => {
    const half = line(completed).slice(0, -120);
    const { error, documents } = await answer(
      { headers: sse, body: [line(partial), half, { destroy: 'end' }] },
      stream,
    );
    expect(error?.code).toBe('connection-lost');
    expect(documents[0]).toEqual(events[0]);
    expect(documents[1]).toMatchObject({
      text: expect.stringContaining('"type":"image_generation.completed"') as string,
    });
    expect(JSON.stringify(documents)).not.toContain(final.toString('base64').slice(0, 16));
    expect(documents).toHaveLength(2);
  });

  test('a truncated document, with size and hash of the images before', async () => {
    const whole = JSON.stringify({ data: [{ b64_json: final.toString('base64') }, { b64_json: 'AAAA' }], usage: 1 });
    const { documents } = await answer({ body: whole.slice(0, -20) });
    expect(documents).toEqual([
      {
        emulsion: expect.any(String) as string,
        text: expect.stringContaining(JSON.stringify(figures(final))) as string,
      },
    ]);
  });

  test('an event that is not JSON, and the valid one after it', async () => {
    const { documents } = await answer({ headers: sse, body: `data: {"a":1,}\n\n${line(completed)}` }, stream);
    expect(documents).toEqual([{ emulsion: expect.any(String) as string, text: '{"a":1,}' }, events[1]]);
  });

  test('a damaged image is recorded as incomplete', async () => {
    const { documents } = await answer(
      { headers: sse, body: line({ ...partial, b64_json: 'A*A' }) + line(completed) },
      stream,
    );
    expect(documents[0]).toMatchObject({ b64_json: { emulsion: 'An image that wasn’t received completely.' } });
  });
});

describe('hostile documents', () => {
  test('the key is removed in every encoding', async () => {
    const forms = [KEY, encodeURIComponent(KEY), Buffer.from(KEY).toString('hex'), btoa(`Bearer ${KEY}`)];
    const echo = { [KEY]: forms, note: `for ${KEY}`, b64_json: final.toString('base64') };
    const bodies: [Script, typeof stream][] = [
      [{ body: JSON.stringify({ data: [echo] }) }, create],
      [{ headers: sse, body: line({ ...echo, type: 'image_generation.completed' }) }, stream],
      [{ status: 401, body: JSON.stringify({ error: echo }) }, create],
      [{ status: 401, body: `<p>${forms.join('</p><p>')}` }, create],
      [{ headers: sse, body: [`data: {"note":"${forms.join(' ')}"`, { destroy: 'end' }] }, stream],
    ];
    for (const [script, call] of bodies) {
      const { documents } = await answer(script, call);
      expect(documents).toHaveLength(1);
      for (const form of [...forms.slice(0, 3), (forms[3] ?? '').slice(12, -4)]) {
        expect(JSON.stringify(documents).toLowerCase()).not.toContain(form.toLowerCase());
      }
    }
  });

  test('huge fields are limited to a megabyte in all; beyond that only the beginning is kept', async () => {
    const pad = 'x'.repeat(300_000);
    const body = [1, 2, 3, 4, 5, 6].map((place) => line({ type: 'status', place, pad })).join('') + line(completed);
    const { error, documents } = await answer({ headers: sse, body }, stream);
    expect(error).toBeNull();
    expect(JSON.stringify(documents).length).toBeLessThan(1.1 * 1024 * 1024);
    expect(documents.slice(0, 3)).toEqual([1, 2, 3].map((place) => ({ type: 'status', place, pad })));
    expect(documents[4]).toMatchObject({
      emulsion: expect.stringMatching(/left out/u) as string,
      text: expect.stringMatching(/^\{"type":"status","place":5,"pad":"x{30000}/u) as string,
    });
    expect(documents.at(-1)).toEqual(events[1]);
  });

  test('thousands of tiny events are limited to some hundred documents', async () => {
    const body = line({ type: 'tick' }).repeat(5000) + line(completed);
    const { documents } = await answer({ headers: sse, body }, stream);
    expect(documents).toHaveLength(128);
    expect(documents.at(-1)).toEqual({ emulsion: expect.stringMatching(/left out/u) as string });
  });

  test('numbers that JSON cannot store are left out', async () => {
    const image = final.toString('base64');
    for (const body of [
      `{"created":1e999,"data":[{"b64_json":"${image}"}],"usage":{"output_tokens":7}}`,
      `{"created":5,"data":[{"b64_json":"${image}"}],"usage":{"input_tokens":-1e999,"output_tokens":7}}`,
    ]) {
      const { error, result } = await answer({ body });
      expect(error).toBeNull();
      const stored = JSON.parse(JSON.stringify(result?.answer)) as unknown;
      expect(v.parse(ResponseMetadataSchema, stored)).toEqual(result?.answer);
    }
  });

  test('an error body nested a hundred thousand levels deep is handled', async () => {
    const { error, documents } = await answer({ status: 500, body: '['.repeat(100_000) + ']'.repeat(100_000) });
    expect(error?.code).toBe('server-failed');
    expect(JSON.stringify(documents).length).toBeLessThan(50_000);
  });
});

import OpenAI from 'openai';
import { afterEach, describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../electron/demo-api/request/scenarios.ts';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';

const running: DemoApi[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((api) => api.close()));
});

async function start(scenario?: ScenarioName): Promise<DemoApi> {
  const api = await startDemoApi({ pace: 0, scenario });
  running.push(api);
  return api;
}

function ask(api: DemoApi, parameters: Record<string, unknown> = {}, more: RequestInit = {}): Promise<Response> {
  const body = JSON.stringify({ model: 'gpt-image-2', prompt: 'a vase', quality: 'low', ...parameters });
  return fetch(`${api.baseUrl}/images/generations`, { method: 'POST', body, ...more });
}

describe('a scenario', () => {
  it.each([
    ['rate-limited', 429, 'rate_limit_exceeded'],
    ['quota', 429, 'insufficient_quota'],
    ['moderation', 400, 'moderation_blocked'],
    ['unverified', 403, null],
    ['server-error', 500, 'server_error'],
    ['error-in-stream', 500, 'server_error'],
  ] as const)('refuses: %s', async (name, status, code) => {
    const response = await ask(await start(name));
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code } });
    expect(response.headers.get('retry-after')).toBe(name === 'rate-limited' ? '2' : null);
  });

  it('is chosen by header, by prompt or by option, in this order', async () => {
    const api = await start('quota');
    expect((await ask(api)).status).toBe(429);
    expect((await ask(api, { prompt: 'a vase [demo:unverified]' })).status).toBe(403);
    expect(
      (await ask(api, { prompt: 'a vase [demo:unverified]' }, { headers: { 'x-demo-scenario': 'server-error' } }))
        .status,
    ).toBe(500);
    expect((await ask(api, {}, { headers: { 'x-demo-scenario': 'nonsense' } })).status).toBe(400);
    expect((await fetch(`${api.baseUrl}/models`)).status).toBe(200);
  });

  it('responds with a page', async () => {
    const response = await ask(await start('html'));
    expect([response.status, response.headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(await response.text()).toContain('502 Bad Gateway');
  });

  it('sends nothing until the client disconnects or the server closes', async () => {
    const api = await start('silent');
    await expect(ask(api, {}, { signal: AbortSignal.timeout(150) })).rejects.toThrow();
    const waiting = ask(api);
    const rejectRequest = expect(waiting).rejects.toThrow();
    await expect(ask(api, { prompt: 'x [demo:quota]' })).resolves.toMatchObject({ status: 429 });
    await api.close();
    await rejectRequest;
  });

  it.each(['cut', 'cut-json'] as const)('cuts the connection inside an image: %s', async (name) => {
    const api = await start(name);
    for (const stream of [true, false]) {
      const response = await ask(api, { stream });
      expect(response.status).toBe(200);
      const decoder = new TextDecoder();
      let text = '';
      await expect(
        (async () => {
          for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>)
            text += decoder.decode(chunk, { stream: true });
        })(),
      ).rejects.toThrow();
      expect(text).toContain('"b64_json":"iVBOR');
      // With its quotes: base64 may contain the letters.
      expect(text).not.toContain('"usage"');
    }
  });

  it('puts invalid characters into the base64', async () => {
    const response = await ask(await start('garbage'));
    const { data } = (await response.json()) as { data: { b64_json: string }[] };
    expect(data[0]!.b64_json).toMatch(/[A-Za-z0-9+/]%%%%[A-Za-z0-9+/]/u);
  });

  it('responds without an image', async () => {
    const api = await start('empty');
    expect(await (await ask(api)).json()).toMatchObject({ data: [] });
    expect(await (await ask(api, { stream: true })).text()).toBe(': keepalive\n\ndata: [DONE]\n\n');
  });

  it('sends an error within a stream', async () => {
    const api = await start('error-in-stream');
    const client = new OpenAI({ baseURL: api.baseUrl, apiKey: 'x', maxRetries: 0 });
    const stream = await client.images.generate({ model: 'gpt-image-2', prompt: 'a', stream: true, partial_images: 1 });
    const types: string[] = [];
    const error = await (async () => {
      for await (const event of stream) types.push(event.type);
    })().catch((thrown: unknown) => thrown);
    expect(types).toEqual(['image_generation.partial_image']);
    expect(String(error)).toContain('The server had an error while making the image');
  });

  it('is slow at any pace, and ends when the client disconnects', async () => {
    const api = await start('slow');
    const leave = new AbortController();
    const response = await ask(api, { stream: true, partial_images: 1 }, { signal: leave.signal });
    const reader = response.body!.getReader();
    let text = '';
    while (text.split(': keepalive').length < 3)
      text += new TextDecoder().decode((await reader.read()).value as Uint8Array);
    expect(text).not.toContain('completed');
    leave.abort();
    await expect(reader.read()).rejects.toThrow();
  });
});

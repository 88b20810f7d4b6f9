import { describe, expect, it } from 'vitest';
import { startDemoApi } from '../../electron/demo-api/server.ts';

describe('pace', () => {
  it('spreads a stream over its duration: partial images before the end, comments in between', async () => {
    const api = await startDemoApi({ pace: 0.6 });
    const started = performance.now();
    const response = await fetch(`${api.baseUrl}/images/generations`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'gpt-image-2',
        prompt: 'the sea',
        quality: 'medium',
        stream: true,
        partial_images: 1,
      }),
    });
    const arrivals: { at: number; text: string }[] = [];
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      const text = new TextDecoder().decode(chunk);
      if (/^(event|: keepalive)/mu.test(text)) arrivals.push({ at: performance.now() - started, text });
    }
    await api.close();
    const partial = arrivals.find(({ text }) => text.includes('event: image_generation.partial_image'))!;
    const completed = arrivals.find(({ text }) => text.includes('event: image_generation.completed'))!;
    // 4.8 s at a pace of 0.6 are 2.88 s, the partial half-way. Only the lower bounds are promised on a busy machine.
    expect(partial.at).toBeGreaterThan(1400);
    expect(completed.at).toBeGreaterThan(2800);
    expect(arrivals.filter(({ text }) => text.includes(': keepalive')).length).toBeGreaterThan(0);
  });
});

import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

/*
 * One side of the comparison, in a process of its own: `node stream-side.ts sdk|ours PORT`. Takes the streamed answer, every image
 * into a file with its SHA-256, and prints what that cost.
 */

/** What one run cost. Milliseconds and bytes. */
export interface Cost {
  cpuMs: number;
  longestDelayMs: number;
  rssGrowth: number;
  tookMs: number;
  hashes: string[];
}

type Side = (baseUrl: string, folder: string) => Promise<string[]>;

const SAMPLE_MS = 5;
const PROMPT = 'a lighthouse in the fog';

async function loadSdk(): Promise<Side> {
  const { OpenAI } = await import('openai');
  return async (baseUrl, folder) => {
    const client = new OpenAI({ apiKey: 'sk-bench', baseURL: baseUrl, maxRetries: 0 });
    const events = await client.images.generate({
      model: 'gpt-image-2',
      prompt: PROMPT,
      stream: true,
      partial_images: 3,
    });
    const hashes: string[] = [];
    for await (const event of events) {
      const bytes = Buffer.from(event.b64_json, 'base64');
      hashes.push(createHash('sha256').update(bytes).digest('hex'));
      await writeFile(path.join(folder, `${hashes.length}.png`), bytes);
    }
    return hashes;
  };
}

async function loadOurs(): Promise<Side> {
  const { callImagesApi } = await import('../../electron/images-api/client.ts');
  const { PLAIN_CONNECTION } = await import('../../electron/images-api/request/build-request.ts');
  const { sinksIn } = await import('../images-api/test-calls.ts');
  return async (baseUrl, folder) => {
    const hashes: string[] = [];
    await callImagesApi({
      connection: { ...PLAIN_CONNECTION, baseUrl, apiKey: 'sk-bench' },
      call: {
        operation: 'create',
        parameters: { model: 'gpt-image-2', prompt: PROMPT, stream: true, partial_images: 3 },
      },
      openSink: sinksIn(folder),
      signal: new AbortController().signal,
      onEvent: (arrival) => {
        if (arrival.type === 'partial' || arrival.type === 'image') hashes.push(arrival.image.sha256);
      },
    });
    return hashes;
  };
}

/**
 * The first answer loads and compiles what a running program has loaded and compiled long since: only its memory counts. The second
 * one's time is measured.
 */
async function measure(side: Side, port: string): Promise<Cost> {
  const folder = await mkdtemp(path.join(tmpdir(), 'emulsion-bench-'));
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  await side(`http://127.0.0.1:${port}/small/v1`, folder);
  const rssBefore = process.memoryUsage.rss();
  let rssMost = rssBefore;
  const sample = (): void => void (rssMost = Math.max(rssMost, process.memoryUsage.rss()));
  const sampler = setInterval(sample, SAMPLE_MS);
  await side(baseUrl, folder);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  delay.enable();
  const hashes = await side(baseUrl, folder);
  delay.disable();
  const tookMs = performance.now() - began;
  const cpu = process.cpuUsage(cpuBefore);
  clearInterval(sampler);
  sample();
  await rm(folder, { recursive: true });
  return {
    cpuMs: (cpu.user + cpu.system) / 1000,
    longestDelayMs: delay.max / 1e6,
    rssGrowth: rssMost - rssBefore,
    tookMs,
    hashes,
  };
}

const [name = '', port = ''] = process.argv.slice(2);
const side = await (name === 'sdk' ? loadSdk() : loadOurs());
process.stdout.write(`${JSON.stringify(await measure(side, port))}\n`);

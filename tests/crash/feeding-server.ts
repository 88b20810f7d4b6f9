import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as after } from 'node:timers/promises';
import sharp from 'sharp';
import type { Random } from './random.ts';

/** One POST as the server saw it. */
export interface ServedRequest {
  prompt: string;
  /** SHA-256 of each finished image whose bytes were all written to the socket. */
  finals: string[];
  /** Whether the whole response, with its usage, was written to the socket. */
  whole: boolean;
}

export interface FeedingServer {
  baseUrl: string;
  /** Every POST, in order. */
  served: readonly ServedRequest[];
  close(): Promise<void>;
}

interface Asked {
  prompt: string;
  n: number;
  stream: boolean;
  partials: number;
}

const USAGE = {
  input_tokens: 50,
  input_tokens_details: { text_tokens: 50, image_tokens: 0 },
  output_tokens: 1056,
  output_tokens_details: { text_tokens: 0, image_tokens: 1056 },
  total_tokens: 1106,
};
const MAX_PAUSE_MS = 60;

/** Starts an Images API on loopback that answers every request well, in pieces with random pauses. Each image's bytes are unique. */
export async function startFeedingServer(random: Random): Promise<FeedingServer> {
  const served: ServedRequest[] = [];
  const server = createServer((request, response) => {
    answer(request, response, served, random).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    served,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  served: ServedRequest[],
  random: Random,
): Promise<void> {
  if (request.method !== 'POST') {
    response.writeHead(404).end();
    return;
  }
  const entry: ServedRequest = { prompt: '', finals: [], whole: false };
  served.push(entry);
  const asked = await readRequest(request);
  entry.prompt = asked.prompt;
  const feed = asked.stream ? streamed : plain;
  await feed(asked, response, entry, random);
  response.end();
  await once(response, 'finish');
  entry.whole = true;
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString()) as {
    prompt: string;
    n?: number;
    stream?: boolean;
    partial_images?: number;
  };
  return { prompt: body.prompt, n: body.n ?? 1, stream: body.stream ?? false, partials: body.partial_images ?? 0 };
}

async function streamed(
  { partials }: Asked,
  response: ServerResponse,
  entry: ServedRequest,
  random: Random,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_crash' });
  for (let index = 0; index < partials; index += 1) {
    const { b64 } = await uniqueImage(random);
    await event('image_generation.partial_image', { b64_json: b64, partial_image_index: index });
  }
  const { b64, sha256 } = await uniqueImage(random);
  await event('image_generation.completed', { b64_json: b64, usage: USAGE });
  entry.finals.push(sha256);

  async function event(type: string, fields: object): Promise<void> {
    const data = {
      type,
      created_at: 1_795_000_000,
      output_format: 'png',
      quality: 'medium',
      size: '1024x1024',
      ...fields,
    };
    await inPieces(response, `event: ${type}\ndata: ${JSON.stringify(data)}\n\n`, random);
  }
}

async function plain({ n }: Asked, response: ServerResponse, entry: ServedRequest, random: Random): Promise<void> {
  const images = await Promise.all(Array.from({ length: n }, () => uniqueImage(random)));
  response.writeHead(200, { 'content-type': 'application/json', 'x-request-id': 'req_crash' });
  await inPieces(response, '{"created":1795000000,"data":[', random);
  for (const [index, { b64, sha256 }] of images.entries()) {
    await inPieces(response, `${index > 0 ? ',' : ''}{"b64_json":"${b64}"}`, random);
    entry.finals.push(sha256);
  }
  await inPieces(response, `],"output_format":"png","quality":"medium","usage":${JSON.stringify(USAGE)}}`, random);
}

/** Writes text in up to four pieces with pauses between them. @throws if the client is gone */
async function inPieces(response: ServerResponse, text: string, random: Random): Promise<void> {
  const pieces = random.between(1, 4);
  const size = Math.ceil(text.length / pieces);
  for (let at = 0; at < text.length; at += size) {
    await after(random.between(0, MAX_PAUSE_MS));
    if (response.destroyed || response.socket?.destroyed !== false) throw new Error('The client is gone.');
    await new Promise<void>((resolve, reject) => {
      response.write(text.slice(at, at + size), (error) => (error ? reject(error) : resolve()));
    });
  }
}

/** A PNG of noise; some are larger than the buffers between server and client. */
async function uniqueImage(random: Random): Promise<{ b64: string; sha256: string }> {
  const edge = random.pick([24, 64, 256]);
  const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
  const bytes = await sharp({ create: { width: edge, height: edge, channels: 3, background: '#456', noise } })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return { b64: bytes.toString('base64'), sha256: createHash('sha256').update(bytes).digest('hex') };
}

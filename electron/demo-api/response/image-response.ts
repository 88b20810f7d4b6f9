import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { renderImage, type RenderedImage } from './render-image.ts';
import { MEDIA_TYPES } from '../drawing/encode.ts';
import type { HostedImages } from './hosted-images.ts';
import type { ResolvedRequest } from '../request/resolve-request.ts';
import { ApiError } from '../request/api-error.ts';
import type { ResponseDamage, Scenario } from '../request/scenarios.ts';
import { svgUsageOf, usageOf } from './usage.ts';
import { cutConnection, writeChunks, type Chunk } from './write-response.ts';

export interface ResponseContext {
  request: IncomingMessage;
  response: ServerResponse;
  scenario: Scenario;
  /** 1: realistic delays, 0: none. */
  pace: number;
  images: HostedImages;
  /** Aborted when the client disconnects or the server closes. */
  signal: AbortSignal;
}

const SECONDS_PER_IMAGE = 4.8;
const DURATION_BY_QUALITY = { low: 0.8, standard: 0.85, medium: 1, high: 1.1, hd: 1.1, xhigh: 1.2, max: 1.3 } as const;

/** Duration of a response, ms. */
function durationOf(resolved: ResolvedRequest, { scenario, pace }: ResponseContext): number {
  if (scenario.seconds !== undefined) return scenario.seconds * 1000;
  const more = 1 + 0.2 * (resolved.n - 1);
  return 1000 * SECONDS_PER_IMAGE * DURATION_BY_QUALITY[resolved.quality] * more * pace;
}

/** Sends an ImagesResponse; GPT image models have more fields than older ones. */
export async function sendJsonResponse(resolved: ResolvedRequest, context: ResponseContext): Promise<void> {
  const { response, scenario, signal } = context;
  if (scenario.damage === 'error-in-stream') throw serverFault();
  const due = Date.now() + durationOf(resolved, context);
  const rendered: RenderedImage[] = [];
  for (let position = 0; position < resolved.n; position++) {
    signal.throwIfAborted();
    rendered.push(await renderImage(resolved, position));
  }
  await delay(Math.max(0, due - Date.now()), null, { signal });
  response.writeHead(200, { 'content-type': 'application/json' });
  const images =
    scenario.damage === 'empty'
      ? []
      : rendered.flatMap((image, index) => imageJson(resolved, image, index > 0, context));
  const chunks = [`{"created":${seconds()},"data":[`, ...images, `]${settings(resolved, rendered)}}\n`];
  await finish(response, chunks, scenario.damage);
}

const seconds = (): number => Math.floor(Date.now() / 1000);

function imageJson(
  resolved: ResolvedRequest,
  { file }: RenderedImage,
  follows: boolean,
  { request, images }: ResponseContext,
): Chunk[] {
  const revised = resolved.model.style
    ? `,"revised_prompt":${JSON.stringify(`${resolved.prompt.trim()} The scene is lit with care and drawn in fine detail.`)}`
    : '';
  const comma = follows ? ',' : '';
  if (!resolved.hosted) return [`${comma}{"b64_json":"`, file, `"${revised}}`];
  const path = images.add(file, MEDIA_TYPES[resolved.format]);
  const origin = `http://127.0.0.1:${request.socket.localPort}`;
  return [`${comma}{"url":${JSON.stringify(origin + path)}${revised}}`];
}

/** The remaining JSON of the response, starting with a comma. */
function settings(resolved: ResolvedRequest, rendered: readonly RenderedImage[]): string {
  if (!resolved.model.streaming) return '';
  const said: Record<string, unknown> = {
    background: rendered[0]?.background ?? 'opaque',
    output_format: resolved.format,
    quality: resolved.quality,
    safety_identifier: resolved.safetyIdentifier,
    size: `${resolved.width}x${resolved.height}`,
    usage: usageOf(resolved, rendered.length, 0),
  };
  if (resolved.format === 'svg') said.svg_usage = svgUsageOf(resolved, rendered[0]?.file.length ?? 0);
  return `,${JSON.stringify(said).slice(1, -1)}`;
}

/** Sends an event stream: partial images, then the finished image; one line of data per event. */
export async function sendStreamResponse(resolved: ResolvedRequest, context: ResponseContext): Promise<void> {
  const { response, scenario, signal } = context;
  const started = Date.now();
  const length = durationOf(resolved, context);
  const until = (share: number): Promise<void> => waitAlive(response, started + length * share, signal);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  await writeChunks(response, [': keepalive\n\n']);
  if (scenario.damage === 'empty') return void response.end('data: [DONE]\n\n');

  const rendered = await renderImage(resolved, 0);
  const name = resolved.operation === 'edit' ? 'image_edit' : 'image_generation';
  const shared = {
    background: rendered.background,
    created_at: seconds(),
    output_format: resolved.format,
    quality: resolved.quality,
    size: `${resolved.width}x${resolved.height}`,
  };
  for (let index = 0; index < resolved.partials; index++) {
    const file = await rendered.partial(index);
    await until((index + 1) / (resolved.partials + 1));
    await writeChunks(response, eventOf(`${name}.partial_image`, file, { ...shared, partial_image_index: index }));
  }
  await until(1);
  if (scenario.damage === 'error-in-stream')
    return void response.end(`event: error\ndata: ${JSON.stringify({ type: 'error', ...serverFault().body })}\n\n`);
  const usage = usageOf(resolved, 1, resolved.partials);
  const last = eventOf(`${name}.completed`, rendered.file, {
    ...shared,
    safety_identifier: resolved.safetyIdentifier,
    usage,
  });
  await finish(response, last, scenario.damage);
}

function eventOf(type: string, file: Buffer, rest: Record<string, unknown>): Chunk[] {
  return [`event: ${type}\ndata: {"type":"${type}","b64_json":"`, file, `",${JSON.stringify(rest).slice(1)}\n\n`];
}

function serverFault(): ApiError {
  return new ApiError(500, 'The server had an error while making the image.', {
    type: 'server_error',
    code: 'server_error',
  });
}

/** Waits, and sends a comment every second to keep the connection alive. */
async function waitAlive(response: ServerResponse, due: number, signal: AbortSignal): Promise<void> {
  for (let left = due - Date.now(); left > 0; left = due - Date.now()) {
    await delay(Math.min(left, 1000), null, { signal });
    if (due - Date.now() > 0) await writeChunks(response, [': keepalive\n\n']);
  }
}

/** Writes the end of a response, normal or damaged in the middle of its first image. */
async function finish(
  response: ServerResponse,
  chunks: readonly Chunk[],
  damage: ResponseDamage | undefined,
): Promise<void> {
  const at = chunks.findIndex((chunk) => typeof chunk !== 'string');
  const first = chunks[at];
  const damaged = damage === 'cut' || damage === 'cut-json' || damage === 'garbage';
  if (damaged && first && typeof first !== 'string') {
    const half = Math.floor(first.length / 6) * 3;
    await writeChunks(response, [...chunks.slice(0, at), first.subarray(0, half)]);
    if (damage !== 'garbage') return cutConnection(response);
    await writeChunks(response, ['%%%%', first.subarray(half), ...chunks.slice(at + 1)]);
  } else if (damaged && damage !== 'garbage') {
    await writeChunks(response, [chunks.join('').slice(0, 24)]);
    return cutConnection(response);
  } else {
    await writeChunks(response, chunks);
  }
  response.end();
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { develop, type Developed } from './render-image.ts';
import { MEDIA_TYPES } from '../drawing/encode.ts';
import type { HostedPictures } from './hosted-images.ts';
import type { Order } from '../request/resolve-request.ts';
import { Refusal } from '../request/api-error.ts';
import type { Damage, Scenario } from '../request/scenarios.ts';
import { svgUsageOf, usageOf } from './usage.ts';
import { cutOff, writePieces, type Piece } from './write-response.ts';

export interface AnswerContext {
  request: IncomingMessage;
  response: ServerResponse;
  scenario: Scenario;
  /** 1 for a life-like wait, 0 for none. */
  pace: number;
  pictures: HostedPictures;
  /** Aborted when the receiver goes away or the server closes. */
  signal: AbortSignal;
}

const SECONDS_OF_A_PICTURE = 4.8;
const BY_QUALITY = { low: 0.8, standard: 0.85, medium: 1, high: 1.1, hd: 1.1, xhigh: 1.2, max: 1.3 } as const;

/** How long an order's answer takes from its first moment to its last, in milliseconds. */
function lengthOf(order: Order, { scenario, pace }: AnswerContext): number {
  if (scenario.seconds !== undefined) return scenario.seconds * 1000;
  const more = 1 + 0.2 * (order.n - 1);
  return 1000 * SECONDS_OF_A_PICTURE * BY_QUALITY[order.quality] * more * pace;
}

/** Every field of ImagesResponse; GPT image models say more than the older ones. */
export async function answerWhole(order: Order, context: AnswerContext): Promise<void> {
  const { response, scenario, signal } = context;
  if (scenario.damage === 'error-in-stream') throw serverFault();
  const due = Date.now() + lengthOf(order, context);
  const developed: Developed[] = [];
  for (let position = 0; position < order.n; position++) {
    signal.throwIfAborted();
    developed.push(await develop(order, position));
  }
  await delay(Math.max(0, due - Date.now()), null, { signal });
  response.writeHead(200, { 'content-type': 'application/json' });
  const pictures =
    scenario.damage === 'empty'
      ? []
      : developed.flatMap((picture, index) => pictureJson(order, picture, index > 0, context));
  const pieces = [`{"created":${seconds()},"data":[`, ...pictures, `]${settings(order, developed)}}\n`];
  await finish(response, pieces, scenario.damage);
}

const seconds = (): number => Math.floor(Date.now() / 1000);

function pictureJson(
  order: Order,
  { file }: Developed,
  follows: boolean,
  { request, pictures }: AnswerContext,
): Piece[] {
  const revised = order.model.style
    ? `,"revised_prompt":${JSON.stringify(`${order.prompt.trim()} The scene is lit with care and drawn in fine detail.`)}`
    : '';
  const comma = follows ? ',' : '';
  if (!order.hosted) return [`${comma}{"b64_json":"`, file, `"${revised}}`];
  const path = pictures.add(file, MEDIA_TYPES[order.format]);
  const origin = `http://127.0.0.1:${request.socket.localPort}`;
  return [`${comma}{"url":${JSON.stringify(origin + path)}${revised}}`];
}

/** The rest of the answer's JSON, beginning with a comma. */
function settings(order: Order, developed: readonly Developed[]): string {
  if (!order.model.streaming) return '';
  const said: Record<string, unknown> = {
    background: developed[0]?.background ?? 'opaque',
    output_format: order.format,
    quality: order.quality,
    safety_identifier: order.safetyIdentifier,
    size: `${order.width}x${order.height}`,
    usage: usageOf(order, developed.length, 0),
  };
  if (order.format === 'svg') said.svg_usage = svgUsageOf(order, developed[0]?.file.length ?? 0);
  return `,${JSON.stringify(said).slice(1, -1)}`;
}

/** The four stream events: partial images that get finer, then the finished picture. One event is one line of data. */
export async function answerStream(order: Order, context: AnswerContext): Promise<void> {
  const { response, scenario, signal } = context;
  const started = Date.now();
  const length = lengthOf(order, context);
  const until = (share: number): Promise<void> => waitAlive(response, started + length * share, signal);
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  await writePieces(response, [': keepalive\n\n']);
  if (scenario.damage === 'empty') return void response.end('data: [DONE]\n\n');

  const developed = await develop(order, 0);
  const name = order.operation === 'edit' ? 'image_edit' : 'image_generation';
  const shared = {
    background: developed.background,
    created_at: seconds(),
    output_format: order.format,
    quality: order.quality,
    size: `${order.width}x${order.height}`,
  };
  for (let index = 0; index < order.partials; index++) {
    const file = await developed.partial(index);
    await until((index + 1) / (order.partials + 1));
    await writePieces(response, eventOf(`${name}.partial_image`, file, { ...shared, partial_image_index: index }));
  }
  await until(1);
  if (scenario.damage === 'error-in-stream')
    return void response.end(`event: error\ndata: ${JSON.stringify({ type: 'error', ...serverFault().body })}\n\n`);
  const usage = usageOf(order, 1, order.partials);
  const last = eventOf(`${name}.completed`, developed.file, {
    ...shared,
    safety_identifier: order.safetyIdentifier,
    usage,
  });
  await finish(response, last, scenario.damage);
}

function eventOf(type: string, file: Buffer, rest: Record<string, unknown>): Piece[] {
  return [`event: ${type}\ndata: {"type":"${type}","b64_json":"`, file, `",${JSON.stringify(rest).slice(1)}\n\n`];
}

function serverFault(): Refusal {
  return new Refusal(500, 'The server had an error while making the picture.', {
    type: 'server_error',
    code: 'server_error',
  });
}

/** Waits, with a comment in the stream every second so that nothing between here and there takes it for dead. */
async function waitAlive(response: ServerResponse, due: number, signal: AbortSignal): Promise<void> {
  for (let left = due - Date.now(); left > 0; left = due - Date.now()) {
    await delay(Math.min(left, 1000), null, { signal });
    if (due - Date.now() > 0) await writePieces(response, [': keepalive\n\n']);
  }
}

/** Writes the end of an answer, whole or with the damage that a scenario asks for in the middle of its first picture. */
async function finish(response: ServerResponse, pieces: readonly Piece[], damage: Damage | undefined): Promise<void> {
  const at = pieces.findIndex((piece) => typeof piece !== 'string');
  const first = pieces[at];
  const hurt = damage === 'cut' || damage === 'cut-json' || damage === 'garbage';
  if (hurt && first && typeof first !== 'string') {
    const half = Math.floor(first.length / 6) * 3;
    await writePieces(response, [...pieces.slice(0, at), first.subarray(0, half)]);
    if (damage !== 'garbage') return cutOff(response);
    await writePieces(response, ['%%%%', first.subarray(half), ...pieces.slice(at + 1)]);
  } else if (hurt && damage !== 'garbage') {
    await writePieces(response, [pieces.join('').slice(0, 24)]);
    return cutOff(response);
  } else {
    await writePieces(response, pieces);
  }
  response.end();
}

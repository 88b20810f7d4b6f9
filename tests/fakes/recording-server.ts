import Busboy from '@fastify/busboy';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A file as it arrived in a multipart body. */
interface RecordedFile {
  field: string;
  fileName: string;
  mediaType: string;
  bytes: Buffer;
}

/** A complete request as received. `fields` and `files` are filled for multipart, `json` for JSON. */
export interface RecordedRequest {
  method: string;
  /** With its query. */
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
  json: unknown;
  fields: [name: string, value: string][];
  files: RecordedFile[];
}

/**
 * What the server does, in order: sends bytes, waits, or breaks off. `wait` is called when its turn comes. `destroy` closes the connection politely or not (`reset`), `hang`
 * leaves it open and silent, `raw` writes bytes around HTTP.
 */
export type Step =
  | string
  | Uint8Array
  | { wait: () => Promise<void> }
  | { destroy: 'end' | 'reset' }
  | { raw: string | Uint8Array }
  | { hang: true };

export interface Script {
  /** 200 when left out. */
  status?: number;
  headers?: Record<string, string | string[]>;
  /** Before the head of the answer. */
  before?: Step[];
  /** The answer's body. */
  body?: Step[] | string | Uint8Array;
}

export interface RecordingServer {
  /** `http://127.0.0.1:PORT/v1` */
  baseUrl: string;
  port: number;
  requests: RecordedRequest[];
  /** Number of requests that began, by method, including incomplete ones. */
  begun: string[];
  /** Connections that are open now. */
  connections(): number;
  close(): Promise<void>;
}

/** Starts a server on loopback that records requests and answers with a script, the same for all or one for each. */
export async function startRecordingServer(
  script: Script | ((request: RecordedRequest, index: number) => Script),
): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const begun: string[] = [];
  let open = 0;
  const server = createServer((request, response) => {
    begun.push(request.method ?? '');
    record(request)
      .then((recorded) => {
        requests.push(recorded);
        return perform(typeof script === 'function' ? script(recorded, requests.length - 1) : script, response);
      })
      // Many tests abort requests; an incomplete one is not recorded.
      .catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { baseUrl: `http://127.0.0.1:${port}/v1`, port, requests, begun, connections: () => open, close };
}

async function record(request: IncomingMessage): Promise<RecordedRequest> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  const body = Buffer.concat(pieces);
  const type = request.headers['content-type'] ?? '';
  const { fields, files } = type.startsWith('multipart/') ? await readMultipart(type, body) : { fields: [], files: [] };
  const json: unknown = type.startsWith('application/json') ? JSON.parse(body.toString()) : undefined;
  return { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body, json, fields, files };
}

async function readMultipart(type: string, body: Buffer): Promise<Pick<RecordedRequest, 'fields' | 'files'>> {
  const fields: RecordedRequest['fields'] = [];
  const files: RecordedFile[] = [];
  const parser = new Busboy({ headers: { 'content-type': type } });
  parser.on('field', (name, value) => fields.push([name, value]));
  parser.on('file', (field, stream, fileName, _encoding, mediaType) => {
    const pieces: Buffer[] = [];
    stream.on('data', (piece: Buffer) => pieces.push(piece));
    stream.on('end', () => files.push({ field, fileName, mediaType, bytes: Buffer.concat(pieces) }));
  });
  const finished = once(parser, 'finish');
  parser.end(body);
  await finished;
  return { fields, files };
}

async function perform(script: Script, response: ServerResponse): Promise<void> {
  for (const step of script.before ?? []) if (!(await take(step, response))) return;
  response.writeHead(script.status ?? 200, { 'content-type': 'application/json', ...script.headers });
  response.flushHeaders();
  const body = Array.isArray(script.body) ? script.body : [script.body ?? ''];
  for (const step of body) if (!(await take(step, response))) return;
  response.end();
}

/** False: the answer goes no further. */
async function take(step: Step, response: ServerResponse): Promise<boolean> {
  if (typeof step === 'string' || step instanceof Uint8Array) {
    if (step.length > 0 && !response.write(step))
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
  } else if ('wait' in step) await step.wait();
  else if ('hang' in step) return false;
  else if ('raw' in step) response.socket?.write(step.raw);
  else {
    // What was written before has to leave first.
    await new Promise((resolve) => setImmediate(resolve));
    if (step.destroy === 'reset') response.socket?.resetAndDestroy();
    else response.socket?.destroy();
    return false;
  }
  return !response.destroyed;
}

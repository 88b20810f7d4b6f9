import type { Billing, ErrorCode } from '../../electron/contract/errors/codes.ts';
import type { ServerKind } from '../../electron/contract/catalogue/servers.ts';
import { smallPng } from '../library/test-library.ts';

/** What every answer is about: the image at `ORIGIN/files/image.png`. */
export const PNG = await smallPng();
/** An image that no answer is about: an echo of an input, a mask or a thumbnail. */
export const OTHER = await smallPng(9, 5);
export const B64 = PNG.toString('base64');
export const OTHER_B64 = OTHER.toString('base64');

/** One way in which a server answers a request for an image, and what has to come of it. */
export interface ServerCase {
  /** The bytes of the answer; ORIGIN stands for the server's origin. */
  answer: string | Buffer;
  /** Answers to GET requests by path; of several, each once. Beside `/files/image.png` and `/files/other.png`. */
  gets?: Record<string, (string | Buffer)[]>;
  kind?: ServerKind;
  streamed?: boolean;
  /** The error's code, instead of an image. */
  code?: ErrorCode;
  billing?: Billing;
  /** Part of the error's text. */
  says?: string;
  /** Part of the server's words that must be kept. */
  kept?: string;
  /** Needs seconds: runs only in `npm run test:servers`. */
  slow?: true;
}

export type Cases = Record<string, ServerCase>;

interface Head {
  status?: number;
  headers?: Record<string, string>;
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  202: 'Accepted',
  403: 'Forbidden',
  429: 'Too Many Requests',
};

/** An answer in good HTTP. */
export function http(body: string | Buffer, { status = 200, headers = {} }: Head = {}): Buffer {
  const bytes = Buffer.from(body);
  const lines = Object.entries({ 'content-type': 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} ${REASONS[status] ?? 'Status'}\r\n${lines.join('')}connection: close\r\n\r\n`),
    bytes,
  ]);
}

export const json = (value: unknown, head?: Head): Buffer => http(JSON.stringify(value), head);

/** An event stream. */
export const events = (body: string): Buffer => http(body, { headers: { 'content-type': 'text/event-stream' } });

import { connect } from 'node:net';

export interface ResponseText {
  status: number;
  head: string;
  body: string;
}

/** Sends one request exactly as written over its own socket: clients and `fetch` would correct it. */
export async function rawRequest(port: number, text: string): Promise<ResponseText> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setEncoding('latin1');
  socket.end(text, 'latin1');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  const [head = '', ...rest] = answer.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/u.exec(head)?.[1] ?? 0), head, body: rest.join('\r\n\r\n') };
}

/** The lines of a request with its headers in the given order; headers can repeat. */
export function requestText(line: string, headers: [string, string][], body = ''): string {
  const all = [
    ...headers,
    ['connection', 'close'],
    ...(body === '' ? [] : [['content-length', String(Buffer.byteLength(body))]]),
  ];
  return `${line} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

import type { Socket } from 'node:net';
import { ProxyError } from '../errors/proxy-error.ts';
import { redactCredentials } from '../errors/redact.ts';
import { USER_AGENT } from '../request/user-agent.ts';

/** An HTTP proxy. Contains its password: only the host may be shown or logged. */
export interface Proxy {
  url: URL;
  /** The value of `proxy-authorization`, or null. */
  authorization: string | null;
}

/** Parses a proxy URL, `http://name:password@host:port`, validated by preferences, and registers its credentials for redaction. */
export function parseProxyUrl(address: string): Proxy {
  const url = new URL(address);
  const [name, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
  url.username = '';
  url.password = '';
  redactCredentials(name, password);
  const credentials = Buffer.from(`${name}:${password}`).toString('base64');
  return { url, authorization: name === '' && password === '' ? null : `Basic ${credentials}` };
}

const MAX_HEAD = 16 * 1024;

/**
 * Opens a tunnel to a server (`CONNECT host:port`) and resolves when it is established. The caller then starts TLS through it, so the proxy
 * sees neither key nor images.
 * @throws ProxyError
 */
export function openTunnel(socket: Socket, proxy: Proxy, target: URL): Promise<void> {
  const host = `${target.hostname}:${target.port || '443'}`;
  const headers = [`Host: ${host}`, `User-Agent: ${USER_AGENT}`];
  if (proxy.authorization !== null) headers.push(`Proxy-Authorization: ${proxy.authorization}`);
  socket.write(`CONNECT ${host} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const fail = (status: number | null, cause?: unknown): void => {
      leave();
      reject(new ProxyError({ proxy: proxy.url.host, status, cause }));
    };
    const onError = (cause: Error): void => fail(null, cause);
    const onEnd = (): void => fail(null);
    const onData = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end === -1 && head.length <= MAX_HEAD) return;
      const status = Number(/^HTTP\/1\.[01] (\d{3})/u.exec(head.toString('latin1', 0, 64))?.[1]);
      if (end === -1 || Number.isNaN(status)) {
        fail(null, new Error('What it answered is not HTTP.'));
        return;
      }
      if (status < 200 || status >= 300) {
        fail(status);
        return;
      }
      leave();
      socket.pause();
      if (head.length > end + 4) socket.unshift(head.subarray(end + 4));
      resolve();
    };
    const leave = (): void =>
      void socket.off('data', onData).off('error', onError).off('end', onEnd).off('close', onEnd);
    socket.on('data', onData).on('error', onError).on('end', onEnd).on('close', onEnd);
  });
}

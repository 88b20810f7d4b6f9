/** A proxy did not open a connection. Only the server's name can have been sent. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
  /** Host and port of the proxy. */
  readonly proxy: string;
  /** HTTP status of its refusal; null when it could not be reached or closed the connection. */
  readonly status: number | null;

  constructor({ proxy, status, cause }: { proxy: string; status: number | null; cause?: unknown }) {
    super(`The proxy ${proxy} opened no connection.`, { cause });
    this.proxy = proxy;
    this.status = status;
  }
}

import type { ErrorDetail } from '../../contract/errors/details.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { isLoopbackHost } from '../../contract/loopback-host.ts';
import { apiError } from '../errors/api-error.ts';
import { decompress } from '../transport/decompress.ts';
import { header } from '../headers/response-headers.ts';
import type { Limits } from '../transport/limits.ts';
import { SingleUseConnection } from '../transport/single-use-connection.ts';
import type { ImageFile, ReceivedImage } from './image-file.ts';
import {
  isPrivateAddress,
  resolvesToPrivateAddress,
  PrivateAddressError,
  publicLookup,
} from '../transport/private-address.ts';
import { ProxyError } from '../errors/proxy-error.ts';
import { USER_AGENT } from '../request/user-agent.ts';

interface DownloadOptions {
  limits: Limits;
  signal: AbortSignal;
  /**
   * Whether addresses of this computer and of local networks may be fetched: only when the API server itself has such an address.
   * Otherwise a server on the internet could make us request local services (SSRF).
   */
  allowPrivate: boolean;
  /** The API's HTTP proxy, or null. Addresses of this computer are fetched without it. */
  proxy: string | null;
  /** Called for every chunk that arrives; resets the idle timeout. */
  touch(): void;
}

const MAX_REDIRECTS = 5;

/**
 * Downloads an image that a response gave as a URL into `file`. This happens at once because OpenAI's URLs expire after an hour. Only http
 * and https, limited in size, time and redirects; sends no key, cookie or other identifying header.
 * @throws StudioError without the URL; the caller adds it
 */
export async function downloadImage(
  address: string,
  file: ImageFile,
  options: DownloadOptions,
): Promise<ReceivedImage> {
  const timeout = AbortSignal.timeout(options.limits.downloadMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    let url = readAddress(address);
    for (let hops = 0; ; hops += 1) {
      const next = await fetchOnce(url, file, { ...options, signal });
      if (next === null) return await file.finish();
      if (hops === MAX_REDIRECTS) throw new DownloadFault('redirects');
      url = readAddress(new URL(next, url).href);
    }
  } catch (error) {
    if (options.signal.aborted) throw options.signal.reason;
    if (error instanceof StudioError && error.code !== 'answer-garbled') throw error;
    throw downloadFailed(timeout.aborted ? { why: 'timeout' } : faultOf(error), error);
  }
}

/** The same for the first of several URLs that is not answered with 404. */
export async function downloadFirst(
  addresses: readonly string[],
  file: ImageFile,
  options: DownloadOptions,
): Promise<ReceivedImage> {
  const [address = '', ...others] = addresses;
  try {
    return await downloadImage(address, file, options);
  } catch (error) {
    const detail = error instanceof StudioError ? error.report.detail : null;
    if (others.length === 0 || detail?.kind !== 'download-failed' || detail.status !== 404) throw error;
    return downloadFirst(others, file, options);
  }
}

function readAddress(address: string): URL {
  if (!URL.canParse(address)) throw new DownloadFault('url');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new DownloadFault('url');
  return url;
}

/** Returns null when the image was written, or the `location` of a redirect. */
async function fetchOnce(
  url: URL,
  file: ImageFile,
  { limits, signal, allowPrivate, touch, ...options }: DownloadOptions,
): Promise<string | null> {
  const proxy = isLoopbackHost(url.hostname) ? null : options.proxy;
  if (
    !allowPrivate &&
    (isPrivateAddress(url.hostname) || (proxy !== null && (await resolvesToPrivateAddress(url.hostname))))
  )
    throw new PrivateAddressError(url.hostname);
  const headers = { accept: 'image/*, */*', 'user-agent': USER_AGENT };
  const lookup = allowPrivate ? undefined : publicLookup;
  const line = new SingleUseConnection({ method: 'GET', url, headers, connectMs: limits.connectMs, lookup, proxy });
  const abort = (): void => line.close();
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    const answer = await line.request(null);
    touch();
    if (answer.status >= 300 && answer.status < 400) return header(answer.headers, 'location') ?? '';
    if (answer.status !== 200) throw new DownloadFault('status', answer.status);
    if (/html|json/iu.test(header(answer.headers, 'content-type') ?? '')) throw new DownloadFault('not-an-image');
    for await (const chunk of decompress(answer)) {
      touch();
      await file.write(chunk);
    }
    return null;
  } finally {
    signal.removeEventListener('abort', abort);
    line.close();
  }
}

type Detail = Extract<ErrorDetail, { kind: 'download-failed' }>;
type Fault = Pick<Detail, 'why'> & Partial<Detail>;

/** A URL or its response that is not accepted as an image. */
class DownloadFault extends Error {
  override readonly name = 'DownloadFault';
  readonly fault: Fault;

  constructor(why: Detail['why'], status: number | null = null) {
    super(why);
    this.fault = { why, status };
  }
}

function faultOf(error: unknown): Fault {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (cause instanceof DownloadFault) return cause.fault;
  if (cause instanceof PrivateAddressError) return { why: 'private-address' };
  if (error instanceof ProxyError) return { why: 'proxy', proxy: error.proxy, status: error.status };
  if (cause instanceof StudioError) return { why: 'empty' };
  return { why: 'connection', code: cause instanceof Error && 'code' in cause ? String(cause.code) : null };
}

function downloadFailed(fault: Fault, cause: unknown): StudioError {
  const detail = { kind: 'download-failed', proxy: null, status: null, code: null, ...fault } as const;
  return apiError({ code: 'connection-lost', detail, billing: 'billed' }, cause);
}

/**
 * The absolute URLs under which an image may be found, best first. An address without a host belongs to the request's server; one without
 * a leading slash is tried below the request's path (RFC 3986, 5.2), then below the server's root, which many servers mean.
 * @param address as the response gave it
 * @param requestUrl URL of the request that was answered
 */
export function resolveAddresses(address: string, requestUrl: string): string[] {
  const given = address.trim();
  if (/^[a-z][a-z0-9+.-]*:/iu.test(given)) return [given];
  const bases = /^[\\/]/u.test(given) ? [requestUrl] : [requestUrl, new URL('/', requestUrl).href];
  const urls = bases.flatMap((base) => (URL.canParse(given, base) ? [new URL(given, base).href] : []));
  return urls.length === 0 ? [given] : [...new Set(urls)];
}

/** The text of an image that is percent-encoded in its address (RFC 2397), as SVG often is; null for any other address. */
export function textOfDataUrl(address: string): string | null {
  const [, text] = /^data:image\/[^,;]+(?:;[^,]*)?,(.+)$/isu.exec(address.trim()) ?? [];
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    // A percent sign that encodes nothing.
    return text;
  }
}

/** Whether a URL's host name is this computer: `localhost` and its subdomains, 127.0.0.0/8, and `[::1]`. No DNS lookup. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/u, '');
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/u.test(host);
}

/** Whether a host, as a URL names it, is this computer: `localhost` and names below it, 127.0.0.0/8, and `[::1]`. Nobody is asked. */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/u, '');
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/u.test(host);
}

import { StudioError } from '../contract/errors/errors.ts';

/** Shown instead of a proxy's password. If it is sent back, the stored password is kept. */
export const PASSWORD_MASK = '••••••••';

/** A proxy's address, with its password separate, which is stored as a secret. */
export interface ProxyAddress {
  /** `http://user@host:port` or `http://host:port`; the user percent-encoded. */
  address: string;
  /** Percent-encoded; null: none. */
  password: string | null;
}

/**
 * Parses a proxy's address; adds `http://` if there is no scheme.
 * @throws `profile-invalid` with field `proxy`; the message doesn't repeat the input, which may contain a password
 */
export function readProxyAddress(text: string): ProxyAddress {
  const typed = text.trim();
  if (typed === '') throw invalidProfile('Enter the proxy’s address, for example http://proxy.example:3128.');
  const whole = /^[a-z][a-z0-9+.-]*:\/\//iu.test(typed) ? typed : `http://${typed}`;
  if (/[\s\p{Cc}\\]/u.test(whole))
    throw invalidProfile('The proxy’s address contains a space or another invalid character.');
  const masked = whole.includes(PASSWORD_MASK);
  const url = URL.parse(whole.replace(PASSWORD_MASK, 'mask'));
  if (!url || url.hostname === '')
    throw invalidProfile('This isn’t a valid proxy address. Enter one like http://proxy.example:3128.');
  if (url.protocol.startsWith('socks'))
    throw invalidProfile('SOCKS proxies aren’t supported. Use an HTTP proxy: http://… or https://….');
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw invalidProfile('A proxy’s address must begin with http:// or https://.');
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw invalidProfile('A proxy’s address ends with its port. Remove everything after it.');
  for (const part of [url.username, url.password]) checkCoded(part);
  const user = url.username === '' ? '' : `${url.username}@`;
  const password = url.password === '' ? null : masked ? PASSWORD_MASK : url.password;
  return { address: `${url.protocol}//${user}${url.host}`, password };
}

/** Returns the address including its password. Both parts as returned by {@link readProxyAddress}. */
export function joinProxyAddress({ address, password }: ProxyAddress): string {
  if (password === null) return address;
  const [scheme = '', rest = ''] = address.split('//');
  // A function, because `$&` in a replacement string has a special meaning and a password may contain it.
  return rest.includes('@')
    ? `${scheme}//${rest.replace('@', () => `:${password}@`)}`
    : `${scheme}//:${password}@${rest}`;
}

/** Returns the address with a masked password, for the screen. */
export function maskProxyAddress({ address, password }: ProxyAddress): string {
  return joinProxyAddress({ address, password: password === null ? null : PASSWORD_MASK });
}

function checkCoded(part: string): void {
  try {
    decodeURIComponent(part);
  } catch (cause) {
    throw invalidProfile(
      'The proxy’s user name or password contains a % without two digits after it. Write it as %25.',
      cause,
    );
  }
}

function invalidProfile(message: string, cause?: unknown): StudioError {
  return new StudioError({ code: 'profile-invalid', message, field: 'proxy' }, { cause });
}

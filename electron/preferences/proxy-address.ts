import { StudioError } from '../contract/errors/errors.ts';

/** Stands for a proxy's password wherever one is shown. Sent back unchanged, it means: the password as it was. */
export const PASSWORD_MASK = '••••••••';

/** A proxy's address as it is stored, without the password, which is a secret of its own. */
export interface ProxyAddress {
  /** `http://user@host:port` or `http://host:port`; the user as it is written in an address. */
  address: string;
  /** As it is written in an address; null: none. */
  password: string | null;
}

/**
 * Takes a proxy's address apart. `http://` is added where no scheme is typed. Throws `profile-invalid` with field `proxy`, never
 * repeating what was typed: it may hold a password.
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

/** An address with its password, for use; both as {@link readProxyAddress} gave them. */
export function joinProxyAddress({ address, password }: ProxyAddress): string {
  if (password === null) return address;
  const [scheme = '', rest = ''] = address.split('//');
  // By a function: in a text that takes another's place, `$&` would mean something, and a password may hold it.
  return rest.includes('@')
    ? `${scheme}//${rest.replace('@', () => `:${password}@`)}`
    : `${scheme}//:${password}@${rest}`;
}

/** The same for the screen. */
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

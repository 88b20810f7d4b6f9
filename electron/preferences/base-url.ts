import { cleanBaseUrl } from '../contract/rules/typed-connection.ts';
import { StudioError } from '../contract/errors/errors.ts';

/**
 * Returns a base URL as it is stored: cleaned by {@link cleanBaseUrl}, scheme and host in lower case, no trailing slash.
 * @throws `profile-invalid` if it isn't http or https, or contains credentials, a query or a fragment, which would appear in records and
 * on the screen
 */
export function checkBaseUrl(text: string): string {
  const typed = cleanBaseUrl(text);
  if (typed === '') throw invalidProfile('Enter the server’s address, for example https://api.openai.com/v1.');
  if (!/^https?:\/\//iu.test(typed)) throw invalidProfile('The address must begin with https:// or http://.');
  if (/[\s\p{Cc}\\]/u.test(typed)) throw invalidProfile('The address contains a space or another invalid character.');
  const url = URL.parse(typed);
  if (!url) throw invalidProfile('This isn’t a valid address. Enter one like https://api.openai.com/v1.');
  if (url.username !== '' || url.password !== '' || /^https?:\/\/[^/?#]*@/iu.test(typed)) {
    throw invalidProfile('The address contains a user name or password. Remove it and enter the key in its own field.');
  }
  if (typed.includes('?'))
    throw invalidProfile('The address contains a query. Remove the question mark and everything after it.');
  if (typed.includes('#'))
    throw invalidProfile('The address contains a fragment. Remove the # and everything after it.');
  return `${url.origin}${url.pathname}`.replace(/\/+$/u, '');
}

/** Whether the server is known to reject all requests without a key. Others, such as local servers, may not need one. */
export function requiresApiKey(baseUrl: string): boolean {
  const host = URL.parse(baseUrl)?.hostname ?? '';
  return (
    host === 'openai.com' ||
    host.endsWith('.openai.com') ||
    /\.(openai|cognitiveservices|services\.ai)\.azure\.com$/u.test(host)
  );
}

function invalidProfile(message: string): StudioError {
  return new StudioError({ code: 'profile-invalid', message, field: 'baseUrl' });
}

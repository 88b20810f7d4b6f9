import { StudioError } from '../contract/errors/errors.ts';

/**
 * The address of a server as it is stored: scheme and host in lower case, no slash at the end, the path as typed. Throws
 * `profile-invalid` for anything that is not plain http or https, or that holds a name, a password, a query or a fragment: those
 * would end in records and on the screen.
 */
export function checkBaseUrl(text: string): string {
  const typed = text.trim();
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

/** Whether the server behind an address is known to refuse every request without a key. Others may be anybody's own. */
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

import { StudioError } from '../contract/errors/errors.ts';

/**
 * The address of a server as it is stored: scheme and host in lower case, no slash at the end, the path as typed. Throws
 * `profile-invalid` for anything that is not plain http or https, or that holds a name, a password, a query or a fragment: those
 * would end in records and on the screen.
 */
export function checkBaseUrl(text: string): string {
  const typed = text.trim();
  if (typed === '')
    throw invalidProfile('A profile needs the address of its server, for instance https://api.openai.com/v1.');
  if (!/^https?:\/\//iu.test(typed)) throw invalidProfile('The address has to begin with https:// or http://.');
  if (/[\s\p{Cc}\\]/u.test(typed))
    throw invalidProfile('The address holds a space or another character that an address cannot have.');
  const url = URL.parse(typed);
  if (!url)
    throw invalidProfile(
      'This is not an address that a request can be sent to. It looks like https://api.openai.com/v1.',
    );
  if (url.username !== '' || url.password !== '' || /^https?:\/\/[^/?#]*@/iu.test(typed)) {
    throw invalidProfile('The address holds a name or a password. Take it out and enter the key in its own field.');
  }
  if (typed.includes('?'))
    throw invalidProfile('The address holds a query. Leave out the question mark and what follows it.');
  if (typed.includes('#')) throw invalidProfile('The address holds a fragment. Leave out the # and what follows it.');
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

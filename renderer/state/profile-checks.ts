import { cleanApiKey, cleanBaseUrl } from '../../electron/contract/rules/typed-connection.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';

/** In characters. */
export const MAX_PROFILE_NAME_LENGTH = 60;

function fault(field: string, message: string): ErrorReport {
  return { code: 'profile-invalid', billing: 'none', field, message };
}

/** The problem with a typed key; null for an empty one or one that can be sent in an HTTP header. */
export function checkKeyCharacters(key: string): ErrorReport | null {
  if (/^[\x21-\x7e]*$/u.test(cleanApiKey(key))) return null;
  return fault(
    'key',
    'The key contains a space, a line break or an invalid character. Copy it again. Nothing was saved.',
  );
}

/** What was changed when an address or a key was saved, as a sentence; null for nothing. */
export function savedDifferently(typed: { baseUrl: string; key: string }, saved: { baseUrl: string }): string | null {
  const sentences = [
    cleanBaseUrl(typed.baseUrl) === typed.baseUrl.trim()
      ? null
      : `Saved as ${saved.baseUrl}: the rest isn’t part of a base URL.`,
    cleanApiKey(typed.key) === typed.key.trim() ? null : 'The key was saved without the characters around it.',
  ].filter((sentence) => sentence !== null);
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** The problem with a missing address; null where there is one. `like`: an example. */
export function checkAddressPresent(baseUrl: string, like: string): ErrorReport | null {
  if (baseUrl.trim() !== '') return null;
  return fault('baseUrl', `Enter the server’s address, for example ${like}. Nothing was saved.`);
}

/** The problem with a name that another profile has; null for none. */
export function checkProfileName(name: string, others: readonly string[]): ErrorReport | null {
  const plain = (text: string): string => text.trim().toLowerCase();
  if (!others.some((other) => plain(other) === plain(name))) return null;
  return fault('name', `A profile named “${name.trim()}” already exists. Choose another name.`);
}

import type { ErrorReport } from '../../electron/contract/errors/errors.ts';

/** More of a name than this is never seen in a list. */
export const MAX_PROFILE_NAME_LENGTH = 60;

function fault(field: string, message: string): ErrorReport {
  return { code: 'profile-invalid', billing: 'none', field, message };
}

/** What is wrong with a key that was typed, before anything is saved; null for one that a header can carry, and for none. */
export function checkKeyCharacters(key: string): ErrorReport | null {
  if (/^[\x21-\x7e]*$/u.test(key.trim())) return null;
  return fault(
    'key',
    'The key contains a space, a line break or an invalid character. Copy it again. Nothing was saved.',
  );
}

/** What is wrong with an address that nobody has typed; `like`: one of the kind that is wanted. */
export function checkAddressPresent(baseUrl: string, like: string): ErrorReport | null {
  if (baseUrl.trim() !== '') return null;
  return fault('baseUrl', `Enter the server’s address, for example ${like}. Nothing was saved.`);
}

/** What is wrong with a name beside those of the other profiles; null for one that tells them apart. */
export function checkProfileName(name: string, others: readonly string[]): ErrorReport | null {
  const plain = (text: string): string => text.trim().toLowerCase();
  if (!others.some((other) => plain(other) === plain(name))) return null;
  return fault('name', `A profile named “${name.trim()}” already exists. Choose another name.`);
}

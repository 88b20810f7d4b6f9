import { cleanApiKey } from '../contract/rules/typed-connection.ts';
import { StudioError } from '../contract/errors/errors.ts';

/**
 * Returns the key as it is stored: cleaned by {@link cleanApiKey}.
 * @throws `profile-invalid` for a key that an HTTP header can't carry; the message doesn't contain it
 */
export function checkApiKey(text: string): string {
  const key = cleanApiKey(text);
  if (key === '') throw invalidProfile('The key is empty.');
  if (!/^[\x21-\x7e]+$/u.test(key)) {
    throw invalidProfile('The key contains a space, a line break or a character that no key has. Copy it again.');
  }
  return key;
}

/** Returns the last four characters of a key longer than 12 characters, else null: enough to tell keys apart without being usable. */
export function makeKeyHint(key: string | null): string | null {
  return key !== null && key.length > 12 ? key.slice(-4) : null;
}

function invalidProfile(message: string): StudioError {
  return new StudioError({ code: 'profile-invalid', message, field: 'key' });
}

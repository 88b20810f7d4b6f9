import { StudioError } from '../contract/errors/errors.ts';

/**
 * Returns the key trimmed, as it is stored.
 * @throws `profile-invalid` for a key that an HTTP header can't carry; the message doesn't contain it
 */
export function checkApiKey(text: string): string {
  const key = text.trim();
  if (key === '') throw invalidProfile('The key is empty.');
  if (!/^[\x21-\x7e]+$/u.test(key)) {
    throw invalidProfile('The key contains a space, a line break or another invalid character. Copy it again.');
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

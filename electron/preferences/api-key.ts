import { StudioError } from '../contract/errors/errors.ts';

/** A key as it is stored: trimmed. Throws `profile-invalid` for one that a header cannot carry; the sentence never repeats it. */
export function checkApiKey(text: string): string {
  const key = text.trim();
  if (key === '') throw invalidProfile('The key is empty.');
  if (!/^[\x21-\x7e]+$/u.test(key)) {
    throw invalidProfile('The key contains a space, a line break or another invalid character. Copy it again.');
  }
  return key;
}

/** The last four characters of a key with more than 12, else null: enough to tell keys apart, too little to use. */
export function makeKeyHint(key: string | null): string | null {
  return key !== null && key.length > 12 ? key.slice(-4) : null;
}

function invalidProfile(message: string): StudioError {
  return new StudioError({ code: 'profile-invalid', message, field: 'key' });
}

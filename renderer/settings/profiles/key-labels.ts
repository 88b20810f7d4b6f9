import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import type { Profile } from '../../../electron/contract/entities/profiles.ts';

/** Where a profile's key is stored, in two or three words. */
export function keyLabel(profile: Profile): string {
  switch (profile.key) {
    case 'none':
      return 'No key';
    case 'encrypted':
      return 'In the keychain';
    case 'session':
      return 'For this session';
    case 'environment':
      return 'From the environment';
    case 'not-needed':
      return 'Not needed';
  }
}

/** A stored key, masked: dots and its last four characters where known. */
export function maskKey(profile: Profile): string {
  return `••••••••${profile.keyHint ?? ''}`;
}

/** Where this host stores keys, as a sentence. */
export function keyStorageNote(host: HostInfo): string {
  return host.keysNote ?? 'Keys are encrypted with the system keychain and sent only to their profile’s address.';
}

/** A base URL for the table, without `https://`. */
export function shortAddress(profile: Profile): string {
  return profile.kind === 'demo' ? 'built in' : profile.baseUrl.replace(/^https:\/\//u, '');
}

import type { SafeStorage } from 'electron';
import type { Cipher } from '../preferences/preferences.ts';

/** Key storage on this computer. Without a cipher, keys are kept in memory until the program ends; `note` explains why. */
export interface KeyStore {
  cipher: Cipher | null;
  note: string | null;
}

const NO_KEYCHAIN =
  'Your keys are forgotten when Emulsion quits: this system has no supported keychain. Install GNOME Keyring or KWallet to save them.';

/**
 * Returns the system's encryption for API keys: Keychain on macOS, DPAPI on Windows, the secret service on Linux. Call it after Electron
 * is ready. The Linux backend `basic_text` counts as no encryption because its password is hard-coded. On macOS and Windows availability
 * isn't checked before the first key is saved, because the check can show a system prompt.
 */
export async function openKeyStore(safeStorage: SafeStorage, platform: NodeJS.Platform): Promise<KeyStore> {
  if (platform === 'linux') {
    const backend = safeStorage.getSelectedStorageBackend();
    const safe = backend !== 'basic_text' && backend !== 'unknown' && (await safeStorage.isAsyncEncryptionAvailable());
    if (!safe) return { cipher: null, note: NO_KEYCHAIN };
  }
  return {
    note: null,
    cipher: {
      encrypt: (text) => safeStorage.encryptStringAsync(text),
      decrypt: async (bytes) => (await safeStorage.decryptStringAsync(Buffer.from(bytes))).result,
    },
  };
}

import type { SafeStorage } from 'electron';
import type { Cipher } from '../preferences/preferences.ts';

/** How keys are kept on this machine. Without a cipher they live until the program ends, and `note` says so. */
export interface KeyStore {
  cipher: Cipher | null;
  note: string | null;
}

const NO_KEYCHAIN =
  'Your keys are forgotten when Emulsion quits: this system has no supported keychain. Install GNOME Keyring or KWallet to save them.';

/**
 * The system's own encryption for API keys: Keychain, Windows' data protection, or the desktop's secret service on Linux. Call it once
 * Electron is ready. On Linux the backend `basic_text` encrypts with a password that everybody knows, which is no protection. On macOS
 * and Windows nothing is asked before the first key is saved: asking could make the system show a question of its own.
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

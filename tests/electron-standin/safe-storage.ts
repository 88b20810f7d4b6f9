import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { app } from './app.ts';

/** As on a Linux desktop without a keychain, unless the environment names a backend. */
const BACKEND = process.env['STANDIN_KEYCHAIN'] ?? 'basic_text';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** The keychain: a random key in the home folder, outside of the application's data. */
function keychainKey(): Buffer {
  if (!app.isReady()) throw new Error('safeStorage cannot be used before app is ready');
  const file = join(app.getPath('home'), 'standin-keychain');
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
  return readFileSync(file);
}

/** `safeStorage`, asynchronous functions only. Really encrypts, so tests can search all files for a key. */
export const safeStorage = {
  getSelectedStorageBackend: (): string => (app.isReady() ? BACKEND : 'unknown'),
  isAsyncEncryptionAvailable: (): Promise<boolean> => Promise.resolve(app.isReady()),
  encryptStringAsync(text: string): Promise<Buffer> {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', keychainKey(), iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Promise.resolve(Buffer.concat([iv, cipher.getAuthTag(), sealed]));
  },
  async decryptStringAsync(sealed: Buffer): Promise<{ result: string; shouldReEncrypt: boolean }> {
    const cipher = createDecipheriv('aes-256-gcm', keychainKey(), sealed.subarray(0, IV_BYTES));
    cipher.setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
    const open = Buffer.concat([cipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), cipher.final()]);
    return { result: open.toString('utf8'), shouldReEncrypt: false };
  },
};

/** What encrypts a key before it goes to disk. The host brings it: the desktop has the system's keychain, loopback has none. */
export interface Cipher {
  /** Rejects where the keychain does not answer. */
  encrypt(text: string): Promise<Uint8Array>;
  /** Rejects where the bytes were made by another keychain, or the keychain does not answer. */
  decrypt(bytes: Uint8Array): Promise<string>;
}

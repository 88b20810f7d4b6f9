/** Encrypts keys before they are written to disk. Provided by the host: the desktop uses the system's keychain, loopback has none. */
export interface Cipher {
  /** Rejects if the keychain is unavailable. */
  encrypt(text: string): Promise<Uint8Array>;
  /** Rejects if the bytes were encrypted with another keychain, or the keychain is unavailable. */
  decrypt(bytes: Uint8Array): Promise<string>;
}

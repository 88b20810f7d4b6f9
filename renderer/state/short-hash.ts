const OFFSET_BASIS = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;

/**
 * The FNV-1a hash of a text's UTF-8 bytes (isthe.com/chongo/tech/comp/fnv), 64 bits as 16 hexadecimal digits: recognises a text without keeping it. Not
 * cryptographic.
 */
export function shortHash(text: string): string {
  let hash = OFFSET_BASIS;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  return hash.toString(16).padStart(16, '0');
}

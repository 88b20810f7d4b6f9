/** How long a call may take and how much an answer may bring. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** From the start of a call to its end. */
  totalMs: number;
  /** Without a byte in either direction. An image of high quality can take many minutes in silence. */
  idleMs: number;
  /** For name, connection and TLS together. */
  connectMs: number;
  /** For one image that the answer gave as an address. */
  downloadMs: number;
  /** One decoded image. */
  maxImageBytes: number;
  /** A whole answer as it travels: ten images and their partials in base64. */
  maxAnswerBytes: number;
  /** Everything of one JSON document that is not an image. */
  maxTextBytes: number;
  /** Images and partial images of one answer. */
  maxImages: number;
}

const MINUTE = 60_000;
const MEGABYTE = 1024 * 1024;

export const DEFAULT_LIMITS: Readonly<Limits> = {
  totalMs: 30 * MINUTE,
  idleMs: 16 * MINUTE,
  connectMs: 30_000,
  downloadMs: 5 * MINUTE,
  maxImageBytes: 256 * MEGABYTE,
  maxAnswerBytes: 1536 * MEGABYTE,
  maxTextBytes: MEGABYTE,
  maxImages: 64,
};

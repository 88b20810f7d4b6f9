/** Limits of one call. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** From the start of a call to its end. */
  totalMs: number;
  /** Time without a byte in either direction. An image of high quality can take many minutes without one. */
  idleMs: number;
  /** For name lookup, TCP and TLS together. */
  connectMs: number;
  /** For one image that the response gave as a URL. */
  downloadMs: number;
  /** Shortest time between two questions about a task. */
  pollMs: number;
  /** One decoded image. */
  maxImageBytes: number;
  /** A complete response: ten images and their partial images in base64. */
  maxAnswerBytes: number;
  /** The parts of one JSON document that are not images. */
  maxTextBytes: number;
  /** Images and partial images of one response. */
  maxImages: number;
}

const MINUTE = 60_000;
const MEGABYTE = 1024 * 1024;

export const DEFAULT_LIMITS: Readonly<Limits> = {
  totalMs: 30 * MINUTE,
  idleMs: 16 * MINUTE,
  connectMs: 30_000,
  downloadMs: 5 * MINUTE,
  pollMs: 1000,
  maxImageBytes: 256 * MEGABYTE,
  maxAnswerBytes: 1536 * MEGABYTE,
  maxTextBytes: MEGABYTE,
  maxImages: 64,
};

/** Error codes, for tests and for the next step that a view offers. They are stored: codes are only added, never changed. */
export const ERROR_CODES = [
  // Rejected callers and invalid calls.
  'bad-sender',
  'bad-payload',
  'unknown-endpoint',
  'not-found',
  // Before anything is sent.
  'prompt-empty',
  'prompt-too-long',
  'parameter-invalid',
  'key-missing',
  'profile-invalid',
  'input-invalid',
  /** The request could exceed the monthly cap, and the person hasn't confirmed. */
  'cap-reached',
  // Reported by the server.
  'key-refused',
  'organisation-unverified',
  'permission-denied',
  'rate-limited',
  'quota-exhausted',
  'moderation-blocked',
  'region-unsupported',
  /** A firewall, a bot check or a login page answered in place of the server. */
  'blocked-in-between',
  'request-refused',
  'endpoint-missing',
  'server-failed',
  // Connection and response errors.
  'server-unreachable',
  'connection-lost',
  'answer-not-json',
  'answer-cut',
  'answer-garbled',
  'answer-empty',
  'answer-too-large',
  'timed-out',
  // Local errors.
  /** The host didn't answer a call: whether it was carried out is unknown. */
  'host-lost',
  'cancelled',
  'interrupted',
  'disk-unwritable',
  'disk-full',
  'library-newer',
  'library-locked',
  'library-damaged',
  /** Images are on the disk that the database doesn't know. */
  'library-incomplete',
  /** The image index no longer holds a view; the page asks again. */
  'view-expired',
  /** The image index isn't loaded yet. */
  'index-loading',
  'image-undecodable',
  'file-missing',
  'secrets-unavailable',
  'unsupported-here',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * Billing of a failed request. `none`: not billed. `possible`: the request reached the server, outcome unknown. `billed`: the server
 * returned images or usage.
 */
export const BILLING = ['none', 'possible', 'billed'] as const;
export type Billing = (typeof BILLING)[number];

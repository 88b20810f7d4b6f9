/** What can go wrong, for programs: tests, and the next step that a view offers. Stored, so codes are only added. */
export const ERROR_CODES = [
  // The door: a caller that is not ours, or one that speaks nonsense.
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
  /** The month's cap would be crossed; the person has not said yes. */
  'cap-reached',
  // What a server said.
  'key-refused',
  'organisation-unverified',
  'permission-denied',
  'rate-limited',
  'quota-exhausted',
  'moderation-blocked',
  'request-refused',
  'endpoint-missing',
  'server-failed',
  // What a server did.
  'server-unreachable',
  'connection-lost',
  'answer-not-json',
  'answer-cut',
  'answer-garbled',
  'answer-empty',
  'answer-too-large',
  'timed-out',
  // What happened here.
  'cancelled',
  'interrupted',
  'disk-unwritable',
  'disk-full',
  'library-newer',
  'library-locked',
  'library-damaged',
  'image-undecodable',
  'file-missing',
  'secrets-unavailable',
  'unsupported-here',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * What is known about money when something fails. `none`: nothing was billed. `possible`: the request reached the server and the
 * outcome is unknown. `billed`: the server answered with images or usage.
 */
export const BILLING = ['none', 'possible', 'billed'] as const;
export type Billing = (typeof BILLING)[number];

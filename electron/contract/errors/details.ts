import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const detail = <const K extends string, E extends v.ObjectEntries>(kind: K, entries: E) =>
  v.strictObject({ kind: v.literal(kind), ...entries });
const waitMs = v.nullable(v.number());

/** Why no connection could be opened. */
const CONNECT_FAULTS = [
  'name-not-found',
  'refused',
  'no-route',
  'no-response',
  'no-tls',
  'untrusted-certificate',
  'unknown',
] as const;
export type ConnectFault = (typeof CONNECT_FAULTS)[number];

/** Why a secure connection could not be opened. */
export const TLS_FAULTS = [
  'self-signed',
  'unknown-issuer',
  'expired',
  'not-yet-valid',
  'wrong-name',
  'revoked',
  'invalid',
  'protocol',
  'client-certificate',
] as const;
export type TlsFault = (typeof TLS_FAULTS)[number];

/** How a response was damaged. */
const DAMAGES = [
  'json',
  'json-depth',
  'json-brackets',
  'event',
  'base64',
  'base64-truncated',
  'empty-image',
  'http',
] as const;

/** Which part of a response was larger than its limit. */
const OVERSIZED_PARTS = ['response', 'image', 'image-count', 'text', 'headers', 'model-list'] as const;

/** Why an image could not be downloaded from the URL in a response. */
const DOWNLOAD_FAULTS = [
  'private-address',
  'proxy',
  'status',
  'not-an-image',
  'empty',
  'redirects',
  'url',
  'timeout',
  'connection',
] as const;

/** Why nothing can be saved in the library, so that nothing is sent. */
export const STORAGE_FAULTS = [
  'full',
  'unwritable',
  'folder-missing',
  'folder-replaced',
  'incoming-missing',
  'incoming-replaced',
  'database-missing',
  'database-replaced',
  'database-damaged',
  'database-busy',
] as const;
export type StorageFault = (typeof STORAGE_FAULTS)[number];

/** Why the result of a server's task isn't asked for any more. */
const TASK_ENDS = ['shown', 'stopped', 'timed-out', 'refused'] as const;

/** Who ended a request before the server did. */
const STOPPED_BY = ['user', 'quit'] as const;

/**
 * What happened to a request, with what its sentence needs: `errors/messages.ts` turns it into text. Stored with the error, so kinds and
 * their fields are only added to.
 */
export const ErrorDetailSchema = v.variant('kind', [
  /** A sentence or two that were composed elsewhere; they say nothing about money. */
  detail('text', { text: v.string() }),
  detail('internal', {}),
  /** A call that creates jobs was not answered: it may have been accepted. */
  detail('not-heard', {}),
  /** The host has answered again, and knows nothing of that call. */
  detail('not-accepted', {}),

  detail('stopped-before-sending', { by: v.picklist(STOPPED_BY) }),
  detail('stopped-while-rate-limited', { by: v.picklist(STOPPED_BY) }),
  detail('stopped-after-sending', {}),
  /** Emulsion quit while the server was working; `received` of `n` images are in the library. */
  detail('quit-after-sending', { received: count, n: count }),
  /** Emulsion quit after the whole response had arrived; `received` of `n` images are in the library. */
  detail('quit-before-saving', { received: count, n: count }),
  detail('address-changed', {}),
  detail('demo-server-down', {}),

  detail('timed-out', { limit: v.picklist(['total', 'idle']), ms: v.number() }),
  /** `ownOrigin`: OpenAI's own address, so a typing error is ruled out. */
  detail('unreachable', { host: v.string(), why: v.picklist(CONNECT_FAULTS), ownOrigin: v.boolean() }),
  /** `issuer`: of the server's certificate. `at`: when it expired or becomes valid, ms since 1970. Null where unknown. */
  detail('tls-failed', {
    host: v.string(),
    why: v.picklist(TLS_FAULTS),
    issuer: v.nullable(v.string()),
    at: v.nullable(v.number()),
    ownOrigin: v.boolean(),
  }),
  detail('proxy-unreachable', { proxy: v.string(), why: v.picklist(CONNECT_FAULTS) }),
  detail('proxy-unauthorised', { proxy: v.nullable(v.string()) }),
  detail('proxy-refused', { proxy: v.string(), host: v.string(), status: v.number() }),
  detail('connection-broken', {}),
  detail('input-unreadable', { name: v.string() }),
  detail('input-changed', {}),

  detail('response-damaged', { what: v.picklist(DAMAGES) }),
  detail('response-too-large', { what: v.picklist(OVERSIZED_PARTS) }),
  /** `streamed`: an event stream, otherwise a JSON document. */
  detail('response-truncated', { streamed: v.boolean() }),
  detail('response-without-image', {}),
  detail('response-not-json', {}),
  /**
   * The answer is a task, and its image did not arrive. `shown`: how to ask for it isn't known; the others tell why asking ended. `id`: the
   * server's.
   */
  detail('task-without-image', { id: v.nullable(v.string()), why: v.picklist(TASK_ENDS) }),
  /** `proxy` and `status` where they are known. */
  detail('download-failed', {
    why: v.picklist(DOWNLOAD_FAULTS),
    proxy: v.nullable(v.string()),
    status: v.nullable(v.number()),
    code: v.nullable(v.string()),
  }),
  detail('disk-full', {}),
  detail('disk-unwritable', { code: v.nullable(v.string()) }),

  /** The library can't keep an answer. Bytes: free on its disk, and needed; null if they don't matter or are unknown. */
  /**
   * A library's folder holds files that its database doesn't know. `originals`, `records`: files on the disk, at most 10,000 of each are
   * counted. `unknown…`: of those looked up, the ones that an older database doesn't know. `gone`: nothing is in the folder of a library
   * that held images.
   */
  detail('library-incomplete', {
    folder: v.string(),
    state: v.picklist(['missing', 'empty', 'older', 'gone']),
    originals: count,
    records: count,
    unknownOriginals: count,
    unknownRecords: count,
  }),
  detail('storage', {
    fault: v.picklist(STORAGE_FAULTS),
    free: v.nullable(v.number()),
    needed: v.nullable(v.number()),
  }),

  /**
   * Images that were received but not saved in the library. `kept`: their files exist, and are saved later; otherwise they are lost.
   * `fault`: null if it has nothing to do with the storage.
   */
  detail('image-unsaved', { fault: v.nullable(v.picklist(STORAGE_FAULTS)), images: count, kept: v.boolean() }),

  detail('moderation-blocked', {}),
  detail('quota-exhausted', {}),
  detail('key-missing', {}),
  /** `why`: where the server said it. */
  detail('key-refused', { why: v.optional(v.picklist(['expired', 'disabled'])) }),
  detail('organisation-unverified', {}),
  detail('permission-denied', {}),
  /** The server accepts requests from certain addresses only. */
  detail('network-not-allowed', {}),
  detail('region-unsupported', {}),
  /** `by`: the service, such as Cloudflare; null: a page of unknown origin. */
  detail('challenged', { by: v.nullable(v.string()) }),
  detail('model-unknown', { model: v.nullable(v.string()) }),
  detail('deployment-unknown', { model: v.nullable(v.string()) }),
  detail('endpoint-missing', { azure: v.boolean() }),
  detail('redirected', { to: v.nullable(v.string()) }),
  detail('request-too-large', {}),
  detail('request-refused', { param: v.nullable(v.string()), message: v.string(), status: v.number() }),
  detail('rate-limited', { waitMs }),
  /** The server asks for a longer wait than Emulsion's limit; this request was still in the queue. */
  detail('rate-limited-too-long', { waitMs: v.number(), limitMs: v.number() }),
  detail('rate-limited-too-often', { tries: count }),
  detail('server-failed', { status: v.number(), waitMs }),
  detail('gateway-timed-out', { status: v.number(), waitMs }),
  /** An error inside a response that had begun with status 200. */
  detail('failed-midway', { message: v.optional(v.string()) }),

  /** Amounts in micro-dollars. `cost`: the highest estimate, null if unknown. `pending`: the highest estimate of unfinished requests. */
  detail('cap-reached', { cap: v.number(), left: v.number(), pending: v.number(), cost: v.nullable(v.number()) }),
  /** The stored monthly cap was damaged. `cost` as above. */
  detail('cap-unknown', { cost: v.nullable(v.number()) }),
]);
export type ErrorDetail = v.InferOutput<typeof ErrorDetailSchema>;
export type ErrorDetailKind = ErrorDetail['kind'];

/** What else is known: `slept`: the computer slept during the request. `kept`: part of the response was saved. `unsaved`: an
 * image that was received isn't saved in the library yet. */
export const ERROR_NOTES = ['slept', 'kept', 'unsaved'] as const;
export type ErrorNote = (typeof ERROR_NOTES)[number];

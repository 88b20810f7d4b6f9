import type { Billing } from './codes.ts';
import type { ConnectFault, ErrorDetail, ErrorDetailKind, ErrorNote, StorageFault } from './details.ts';
import { requestCountsLabel, unknownOutcomeSentence, type RequestCount } from './request-outcomes.ts';

/** A sentence about what happened, and one about what to do ('' if there is nothing to do). Neither says anything about money. */
export interface ErrorText {
  what: string;
  next: string;
}

/** What the sentences of an error are made from. */
export interface ErrorFacts {
  /** The finished text, for errors without a detail: those of earlier releases, and those that have nothing to do with a request. */
  message: string;
  billing: Billing;
  detail?: ErrorDetail | undefined;
  notes?: readonly ErrorNote[] | undefined;
  /** Images whose download failed; their URLs are in the server's details. */
  unfetched?: number | undefined;
  /** What became of each request of a job with several; the error is then one request's, and the text is about the job. */
  requests?: readonly RequestCount[] | undefined;
}

/** Whether a request was billed, in two or three words. `amount`: the cost as text, for example "$0.041". */
export function billingLabel(billing: Billing, amount: string | null = null): string {
  if (billing === 'none') return 'Not billed';
  if (billing === 'possible') return 'May have been billed';
  return amount === null ? 'Billed' : `Billed ${amount}`;
}

/** What is said of images of a job that arrived damaged. `billings`: of each one's request. */
export function damagedImagesText(billings: readonly Billing[]): string {
  const [first = 'none'] = billings;
  const one = billings.length === 1;
  const money = billings.every((billing) => billing === first) ? ` ${billingLabel(first)}.` : '';
  const what = one ? '1 image arrived damaged.' : `${billings.length} images arrived damaged.`;
  return `${what}${money} ${one ? 'Its file is' : 'Their files are'} kept exactly as received.`;
}

/** {@link billingLabel} as a sentence. */
export function billingSentence(billing: Billing, amount: string | null = null): string {
  if (billing === 'possible') return 'It may have been billed, so it won’t be sent again automatically.';
  return `${billingLabel(billing, amount)}.`;
}

/** Ends the text of an error that occurred before anything was sent. */
export function notSent(text: string): string {
  return `${text} Nothing was sent.`;
}

/** Ends the text of a request that could not even be queued. */
export function refusedUnsent(text: string): string {
  return `${text} Not sent. Nothing was billed.`;
}

/** Everything there is to say about an error: what happened, what to do, and whether it was billed. At most three sentences. */
export function errorMessage(facts: ErrorFacts, amount: string | null = null): string {
  const { title, message } = errorParts(facts, amount);
  return message === '' ? title : `${title} ${message}`;
}

/** What happened and what to do, without the statement about money that a rendered report ends with. */
export function plainText(facts: ErrorFacts): string {
  if (!facts.detail) return facts.message;
  const { what, next } = errorText(facts.detail, facts);
  return joined(what, next);
}

/** The same as a heading (what happened) and the rest. */
export function errorParts(facts: ErrorFacts, amount: string | null = null): { title: string; message: string } {
  if (facts.requests) return jobParts(facts, facts.requests);
  if (!facts.detail) {
    const [, title = facts.message, message = ''] = FIRST_SENTENCE.exec(facts.message) ?? [];
    return { title, message };
  }
  const { what, next } = errorText(facts.detail, facts);
  const money = moneySentence(facts.detail, facts.billing, amount);
  if (facts.detail.kind !== 'text') return { title: what, message: joined(next, money) };
  const [, title = what, rest = ''] = FIRST_SENTENCE.exec(what) ?? [];
  return { title, message: joined(rest, next, money) };
}

/** The last sentence: what is known about the bill, or that nothing happened. */
function moneySentence(detail: ErrorDetail, billing: Billing, amount: string | null): string {
  if (detail.kind === 'library-incomplete') return 'Nothing was changed.';
  return isCapDetail(detail) ? notSent('').trim() : billingSentence(billing, amount);
}

/** Of a job with several requests: the outcomes are the heading if they differ. */
function jobParts(facts: ErrorFacts, requests: readonly RequestCount[]): { title: string; message: string } {
  const { what, next } = jobCause(facts);
  const outcomes = `${requestCountsLabel(requests)}.`;
  const unknown = unknownOutcomeSentence(requests);
  return requests.length === 1
    ? { title: what, message: joined(next, outcomes, unknown) }
    : { title: outcomes, message: joined(what, next, unknown) };
}

/** Why a job ended as it did, without a word about what was sent or billed: that differs between its requests. */
function jobCause({ detail, message, ...facts }: ErrorFacts): ErrorText {
  // The text of an earlier release ends with a sentence about one request's bill.
  if (!detail) return say(FIRST_SENTENCE.exec(message)?.[1] ?? message);
  switch (detail.kind) {
    case 'stopped-before-sending':
    case 'stopped-while-rate-limited':
      return say(detail.by === 'user' ? 'You stopped this job.' : 'Emulsion quit before this job ended.');
    case 'stopped-after-sending':
      return say('You stopped this job.');
    case 'quit-after-sending':
    case 'quit-before-saving':
      return say('Emulsion quit before this job ended.');
    case 'rate-limited-too-long':
      return { ...errorText(detail), next: 'Retry later.' };
    default:
      return errorText(detail, facts);
  }
}

/** Refused before sending, to ask the person. */
function isCapDetail({ kind }: ErrorDetail): boolean {
  return kind === 'cap-reached' || kind === 'cap-unknown';
}

const FIRST_SENTENCE = /^(.+?[.?])\s+(.+)$/su;

function joined(...sentences: string[]): string {
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

/** What happened and what to do, without a word about money. */
export function errorText(
  detail: ErrorDetail,
  { notes, unfetched }: Pick<ErrorFacts, 'notes' | 'unfetched'> = {},
): ErrorText {
  // The switch over the kinds is this table; TypeScript does not connect the key with the argument's type.
  const text = (TEXTS[detail.kind] as (detail: ErrorDetail) => ErrorText)(detail);
  if (unfetched) return { ...text, next: unfetchedSentence(unfetched) };
  if (notes?.includes('unsaved'))
    return { ...text, next: 'What arrived couldn’t be saved yet; it’s kept and will be saved as soon as possible.' };
  return notes?.includes('slept') ? { ...text, next: 'The computer went to sleep during the request.' } : text;
}

function unfetchedSentence(count: number): string {
  return count === 1
    ? 'The image’s URL is in Details: open it soon, it may expire within an hour.'
    : `The URLs of ${count} images are in Details: open them soon, they may expire within an hour.`;
}

type TextOf<K extends ErrorDetailKind> = (detail: Extract<ErrorDetail, { kind: K }>) => ErrorText;

const CHECK_NETWORK = 'Check your network connection.';
const CHECK_BETWEEN = 'If this happens again, check the server and any proxy in between.';
const SEE_DETAILS = 'See Details for the server’s message.';
const PROXY_SETTINGS = 'the proxy in Settings, Sending';

const TEXTS: { [K in ErrorDetailKind]: TextOf<K> } = {
  text: ({ text }) => say(text),
  internal: () => say('Something went wrong in Emulsion.', 'The log has the details.'),

  'not-heard': () => say('Emulsion couldn’t confirm that this request was accepted.'),
  'not-accepted': () => say('Emulsion didn’t receive this request, so it wasn’t sent.'),

  'stopped-before-sending': ({ by }) =>
    say(by === 'user' ? 'You stopped this before it was sent.' : 'Emulsion quit before this was sent.'),
  'stopped-while-rate-limited': ({ by }) =>
    say(by === 'user' ? 'You stopped this while it was rate limited.' : 'Emulsion quit while this was rate limited.'),
  'stopped-after-sending': () => say('You stopped this after it was sent.'),
  'quit-after-sending': ({ received, n }) =>
    received === 0
      ? say('Emulsion quit before the response arrived.')
      : say(`Emulsion quit after ${received} of ${n} images had arrived.`, 'They are in the library.'),
  'quit-before-saving': ({ received, n }) =>
    received === 0
      ? say(`The response arrived, but Emulsion quit before ${n === 1 ? 'the image was' : 'its images were'} saved.`)
      : say(
          `The response arrived, but Emulsion quit after ${received} of ${n} images were saved.`,
          'They are in the library.',
        ),
  'address-changed': () =>
    say('The profile’s address changed while this was queued.', 'Retry if the new address is right.'),
  'demo-server-down': () => say('The demo server couldn’t be started.'),

  'timed-out': ({ limit, ms }) =>
    say(
      limit === 'total'
        ? `The server didn’t finish within ${formatWait(ms)}.`
        : `The server sent nothing for ${formatWait(ms)}.`,
      'Check the server, or try a smaller size or a lower quality.',
    ),
  unreachable: ({ host, why, ownOrigin }) =>
    say(`${host} can’t be reached: ${CONNECT_REASONS[why]}.`, (ownOrigin ? OWN_ORIGIN_CHECKS : CONNECT_CHECKS)[why]),
  'tls-failed': tlsText,
  'proxy-unreachable': ({ proxy, why }) =>
    say(`The proxy ${proxy} can’t be used: ${CONNECT_REASONS[why]}.`, `Check ${PROXY_SETTINGS}.`),
  'proxy-unauthorised': ({ proxy }) =>
    say(
      `The proxy ${proxy === null ? '' : `${proxy} `}requires a valid user name and password.`,
      `Check ${PROXY_SETTINGS}.`,
    ),
  'proxy-refused': ({ proxy, host, status }) =>
    say(
      `The proxy ${proxy} refused to connect to ${host} (${status}).`,
      `Allow that server, or change ${PROXY_SETTINGS}.`,
    ),
  'connection-broken': () => say('The connection was lost before the response finished.', CHECK_NETWORK),
  'input-unreadable': ({ name }) => say(`The input image ${name} can’t be read.`, 'Choose it again.'),
  'input-changed': () => say('An input image changed or disappeared while it was being sent.', 'Choose it again.'),

  'response-damaged': ({ what }) =>
    say(
      `The server’s response is damaged: ${DAMAGE_REASONS[what]}.`,
      what === 'http' ? 'Check that the base URL belongs to an Images API.' : CHECK_BETWEEN,
    ),
  'response-too-large': ({ what }) =>
    say(
      `${OVERSIZED[what]} than Emulsion accepts.`,
      what === 'headers' ? 'Check the base URL.' : 'The rest wasn’t read.',
    ),
  'response-truncated': ({ streamed }) =>
    say(
      streamed ? 'The stream ended before the image was finished.' : 'The server’s response ends in the middle.',
      CHECK_BETWEEN,
    ),
  'response-without-image': () =>
    say(
      'The server responded without an image.',
      'Check that the model makes images and that the base URL belongs to an Images API.',
    ),
  'task-without-image': ({ id, why }) => {
    const next = (then: string): string =>
      id === null ? `${then.charAt(0).toUpperCase()}${then.slice(1)}.` : `Its ID is ${id}; ${then}.`;
    if (why === 'stopped') return say('You stopped this.', next('the server’s task may go on'));
    if (why === 'timed-out') return say('The server’s task didn’t finish in time.', next('it may still go on'));
    if (why === 'refused')
      return say(
        'The server made a task, but refused to return its result.',
        next('see Details for the server’s message'),
      );
    return say('The server made a task; image not included.', next('see Details for the server’s message'));
  },
  'response-not-json': () =>
    say('The server’s response isn’t from an Images API.', 'Check the profile’s base URL; it usually ends in /v1.'),
  'download-failed': (detail) =>
    say(`The server made an image, but it couldn’t be downloaded from its URL: ${downloadReason(detail)}.`),
  'disk-full': () => say('The disk is full, so the image couldn’t be saved.', 'Free up space, then retry.'),
  'disk-unwritable': ({ code }) =>
    say(
      `The library folder can’t be written${code === null ? '' : ` (${code})`}, so the image couldn’t be saved.`,
      'Check that the folder exists and is writable.',
    ),

  'library-incomplete': (detail) => say(incompleteSentence(detail), INCOMPLETE_REMEDIES[detail.state]),
  storage: (detail) => say(storageSentence(detail), STORAGE_REMEDIES[detail.fault]),
  'image-unsaved': ({ fault, images, kept }) =>
    say(
      `${unsavedImages(images)} couldn’t be saved in the library${fault === null ? '' : `: ${STORAGE_REASONS[fault]}`}.`,
      kept ? unsavedNext(images) : images === 1 ? 'Its file is gone.' : 'Their files are gone.',
    ),

  'moderation-blocked': () =>
    say('The server’s safety system refused this request.', 'Reword the prompt or choose other inputs.'),
  'quota-exhausted': () =>
    say(
      'The account has no credit left or has reached its limit.',
      'Add credit or raise the limit with the provider, then retry.',
    ),
  'key-missing': () => say('The server requires an API key, and this profile has none.', 'Add the key in Settings.'),
  'key-refused': ({ why }) => {
    if (why === 'expired') return say('This profile’s API key has expired.', 'Enter a new key in Settings.');
    if (why === 'disabled')
      return say(
        'The API key or its account is disabled.',
        'Check the account with the provider, or enter another key in Settings.',
      );
    return say(
      'The server didn’t accept this profile’s API key.',
      'Check in Settings that the key is complete, valid and meant for this server.',
    );
  },
  'organisation-unverified': () =>
    say(
      'Your organisation must be verified to use this model.',
      'Verify it in the provider’s settings; that can take a few minutes to take effect.',
    ),
  'permission-denied': () =>
    say(
      'This API key doesn’t have permission for this request.',
      'Check the key’s permissions, the organisation and project, and your access to the model.',
    ),
  'network-not-allowed': () =>
    say(
      'The server doesn’t accept requests from this network address.',
      'Allow this address in the account’s settings, or use an allowed network.',
    ),
  'region-unsupported': () =>
    say(
      'The server isn’t available in the country or region this request came from.',
      'Check the provider’s list of supported countries, and any VPN or proxy.',
    ),
  challenged: ({ by }) =>
    by === null
      ? say(
          'A web page answered instead of the server: a firewall, a proxy or a login page is in between.',
          'Open the base URL in a browser on this network, log in if asked, then retry.',
        )
      : say(
          `A security check by ${by} stopped the request before it reached the server.`,
          'Turn off any VPN or proxy, try another network, or ask the provider to allow API requests.',
        ),
  'model-unknown': ({ model }) =>
    say(
      model === null
        ? 'The server doesn’t know this model, or the key has no access to it.'
        : `The server doesn’t know the model ${model}, or the key has no access to it.`,
      'Choose another model.',
    ),
  'deployment-unknown': ({ model }) =>
    say(
      `Azure has no such deployment${model === null ? '' : ` for the model ${model}`}.`,
      'Enter the deployment’s name in the profile; a new one takes a few minutes.',
    ),
  'endpoint-missing': ({ azure }) =>
    azure
      ? say(
          'Azure has nothing at this address.',
          'Check the profile’s base URL, kind of server and api-version; an old version lacks some operations.',
        )
      : say(
          'The server has nothing at this address.',
          'Check the profile’s base URL, which usually ends in /v1, and whether the server supports this operation.',
        ),
  redirected: ({ to }) =>
    say(
      `The server redirects${to === null ? '' : ` to ${to}`}; Emulsion doesn’t follow, to protect your key.`,
      'Enter the final address as the profile’s base URL.',
    ),
  'request-too-large': () =>
    say('The server says the request is too large.', 'Use smaller or fewer input images, or a shorter prompt.'),
  'request-refused': ({ param, message, status }) =>
    say(
      `The server refused the request${param === null ? '' : ` because of “${param}”`}${message === '' ? ` (${status}).` : `: ${message}`}`,
      'Change it and retry.',
    ),
  'rate-limited': ({ waitMs }) =>
    say('The server is limiting requests from this account.', `Retry ${whenToRetry(waitMs, 'in a minute')}.`),
  'rate-limited-too-long': ({ waitMs, limitMs }) =>
    say(
      `The server asks for a wait of ${formatWait(waitMs)}; Emulsion waits ${formatWait(limitMs)} at most.`,
      'This wasn’t sent; retry later.',
    ),
  'rate-limited-too-often': ({ tries }) =>
    say(`The server rate limited this ${tries} times, so Emulsion stopped retrying.`, 'Retry later.'),
  'server-failed': ({ status, waitMs }) =>
    say(`The server failed (${status}).`, `Retry ${whenToRetry(waitMs, 'later')}.`),
  'gateway-timed-out': ({ status, waitMs }) =>
    say(
      `The server or a gateway timed out (${status}); the image may still have been made.`,
      `Retry ${whenToRetry(waitMs, 'later')}, perhaps with a lower quality.`,
    ),
  'failed-midway': ({ message }) =>
    message === undefined
      ? say('The server reported an error while it was working.', SEE_DETAILS)
      : say(`The server answered with an error: ${message}`),

  'cap-reached': ({ cap, left, pending, cost }) =>
    say(
      `This could exceed your monthly limit of ${dollars(cap)}: ${left > 0 ? dollars(left, 'down') : 'nothing'} is left${
        pending > 0 ? `, with ${dollars(pending, 'up')} reserved for unfinished requests` : ''
      }.`,
      costSentence(cost),
    ),
  'cap-unknown': ({ cost }) => say('Your monthly cap couldn’t be read: set it again in Spending.', costSentence(cost)),
};

function costSentence(cost: number | null): string {
  return cost === null
    ? 'The cost is unknown: set a price for the model in Spending.'
    : `Estimated cost: up to ${dollars(cost, 'up')}.`;
}

function say(what: string, next = ''): ErrorText {
  return { what, next };
}

type IncompleteDetail = Extract<ErrorDetail, { kind: 'library-incomplete' }>;

function incompleteSentence({ folder, state, originals, records, ...unknown }: IncompleteDetail): string {
  if (state === 'gone') return `The library in ${folder} held images, but the folder is missing or empty now.`;
  const has = `The library in ${folder} has ${counted(originals, 'image file')} and ${counted(records, 'record')}`;
  if (state === 'missing') return `${has}, but its database, library.db, is missing.`;
  if (state === 'empty') return `${has}, but its database, library.db, is empty.`;
  const { unknownRecords, unknownOriginals } = unknown;
  const what = unknownRecords > 0 ? counted(unknownRecords, 'record') : counted(unknownOriginals, 'image file');
  return `${has}, but its database, library.db, doesn’t know ${what}: it is an older copy, or library.db-wal is missing.`;
}

/** Files on the disk, which are counted up to this many. */
const MAX_COUNTED = 10_000;

function counted(count: number, noun: string): string {
  const number = count >= MAX_COUNTED ? `more than ${MAX_COUNTED.toLocaleString('en')}` : count.toLocaleString('en');
  return `${number} ${noun}${count === 1 ? '' : 's'}`;
}

const PUT_DATABASE_BACK = 'Put the newest library.db back, with library.db-wal if there is one, or open it anyway';
const INCOMPLETE_REMEDIES: Readonly<Record<IncompleteDetail['state'], string>> = {
  missing: `${PUT_DATABASE_BACK}: Emulsion then starts with an empty database and leaves every file as it is.`,
  empty: `${PUT_DATABASE_BACK}: Emulsion then starts with an empty database and leaves every file as it is.`,
  older: `${PUT_DATABASE_BACK}: Emulsion then shows what this database knows and keeps every file.`,
  gone: 'Connect its disk or put the folder back, or open it anyway: Emulsion then begins a new library there.',
};

function unsavedImages(count: number): string {
  return count === 1 ? 'An image was received but' : `${count} images were received but`;
}

function unsavedNext(images: number): string {
  return images === 1
    ? 'It’s kept and will be saved as soon as possible.'
    : 'They’re kept and will be saved as soon as possible.';
}

type StorageDetail = Extract<ErrorDetail, { kind: 'storage' }>;

/** Why nothing is sent at the moment, in one sentence. */
export function storageHoldSentence(detail: StorageDetail): string {
  return `Nothing is sent for now: ${storageReason(detail)}.`;
}

/** What to do about it, and what it means for the requests in the queue. */
export function storageHoldNote({ fault }: Pick<StorageDetail, 'fault'>): string {
  return `${STORAGE_REMEDIES[fault]} Queued requests weren’t billed and are sent once this is fixed.`;
}

/** A rate limit that the person decides about. @param until the moment that the server named, as text */
export function rateLimitHoldText(server: string, until: string, isPast: boolean): ErrorText {
  const what = isPast
    ? `${server} limits requests and names a time in the past, ${until}.`
    : `${server} asks to wait until ${until}.`;
  return say(what, 'Nothing is sent to it until you choose. The refused requests weren’t billed.');
}

function storageSentence(detail: StorageDetail): string {
  const reason = storageReason(detail);
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

function storageReason({ fault, free, needed }: StorageDetail): string {
  if (fault !== 'full' || free === null || needed === null) return STORAGE_REASONS[fault];
  return `${STORAGE_REASONS.full} (${megabytes(free, 'down')} free, ${megabytes(needed, 'up')} needed)`;
}

const STORAGE_REASONS: Readonly<Record<StorageFault, string>> = {
  full: 'the library’s disk is full',
  unwritable: 'the library folder can’t be written',
  'folder-missing': 'the library folder is gone',
  'folder-replaced': 'another folder is in the library’s place',
  'incoming-missing': 'the library’s folder “incoming” is gone',
  'incoming-replaced': 'the library’s folder “incoming” was replaced',
  'database-missing': 'the library’s database file is gone',
  'database-replaced': 'the library’s database file was replaced',
  'database-damaged': 'the library’s database can’t be read',
  'database-busy': 'another program is using the library’s database',
};

const STORAGE_REMEDIES: Readonly<Record<StorageFault, string>> = {
  full: 'Free up space.',
  unwritable: 'Check that its disk is connected and the folder is writable.',
  'folder-missing': 'Put it back, or connect its disk.',
  'folder-replaced': 'Put the library’s folder back, or restart Emulsion.',
  'incoming-missing': 'Put it back, or choose Check again to create it.',
  'incoming-replaced': 'Put the original back, or choose Check again to use this one.',
  'database-missing': 'Put it back, or restart Emulsion.',
  'database-replaced': 'Put the original back, or restart Emulsion.',
  'database-damaged': 'Copy the whole library folder before you do anything else.',
  'database-busy': 'Close that program.',
};

const MEGABYTE = 1_000_000;

/** Whole megabytes; rounded so that room is never overstated and a need never understated. */
function megabytes(bytes: number, round: 'up' | 'down'): string {
  const whole = round === 'up' ? Math.ceil(bytes / MEGABYTE) : Math.floor(bytes / MEGABYTE);
  return `${whole.toLocaleString('en')} MB`;
}

const COMPANY_CERTIFICATE =
  'If your company or antivirus checks connections, add its certificate under Settings, Sending';

function tlsText({ host, why, issuer, at, ownOrigin }: Extract<ErrorDetail, { kind: 'tls-failed' }>): ErrorText {
  const certificate = `The certificate of ${host}`;
  const company = `${COMPANY_CERTIFICATE}${ownOrigin ? '.' : '; otherwise check the base URL.'}`;
  switch (why) {
    case 'self-signed':
      return say(`${certificate} is self-signed, so this computer doesn’t trust it.`, company);
    case 'unknown-issuer':
      return say(
        `${certificate} was issued by ${issuer === null ? 'an authority that' : `“${issuer}”, which`} this computer doesn’t trust.`,
        company,
      );
    case 'expired':
      return say(
        `${certificate} has expired${onDay(at)}.`,
        'Check this computer’s date; if it is right, tell whoever runs the server.',
      );
    case 'not-yet-valid':
      return say(
        `${certificate} isn’t valid yet${at === null ? '' : `: it begins${onDay(at)}`}.`,
        'Check this computer’s date and time.',
      );
    case 'wrong-name':
      return say(
        `${certificate} is for another name.`,
        `Check ${ownOrigin ? '' : 'the base URL, and '}whether a login page or a proxy is in between.`,
      );
    case 'revoked':
      return say(`${certificate} was revoked by its issuer.`, 'Tell whoever runs the server.');
    case 'invalid':
      return say(`${certificate} isn’t valid.`, 'Check any proxy in between, or tell whoever runs the server.');
    case 'protocol':
      return say(
        `${host} and Emulsion have no secure protocol in common.`,
        'The server or a proxy in between is too old: it must support TLS 1.2 or later.',
      );
    case 'client-certificate':
      return say(
        `${host} asks for a certificate of this computer, which Emulsion can’t send.`,
        'Use an address that needs only an API key.',
      );
  }
}

/** " on 3 May 2021", in UTC. */
function onDay(at: number | null): string {
  if (at === null) return '';
  return ` on ${new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' })}`;
}

const CONNECT_REASONS: Readonly<Record<ConnectFault, string>> = {
  'name-not-found': 'its name can’t be found',
  refused: 'it refuses connections',
  'no-route': 'there is no route to it',
  'no-response': 'it doesn’t respond',
  'no-tls': 'it doesn’t use TLS on this port',
  'untrusted-certificate': 'its certificate isn’t trusted',
  unknown: 'the connection failed',
};

/** For an address that someone typed. */
const CONNECT_CHECKS: Readonly<Record<ConnectFault, string>> = {
  'name-not-found': 'Check your network connection and the base URL.',
  refused: 'Check that the server is running, and the base URL and port.',
  'no-route': 'Check your network connection and the base URL.',
  'no-response': 'Check the base URL, your network connection and any firewall or proxy.',
  'no-tls': 'Check whether the base URL should begin with http://.',
  'untrusted-certificate': 'Check the base URL, the computer’s date and any proxy in between.',
  unknown: 'Check your network connection and the base URL.',
};

const CHECK_IN_BETWEEN = 'Check your network connection and any firewall or proxy.';
/** For OpenAI's own address, which cannot be mistyped. */
const OWN_ORIGIN_CHECKS: Readonly<Record<ConnectFault, string>> = {
  'name-not-found': CHECK_NETWORK,
  refused: CHECK_IN_BETWEEN,
  'no-route': CHECK_NETWORK,
  'no-response': CHECK_IN_BETWEEN,
  'no-tls': CHECK_IN_BETWEEN,
  'untrusted-certificate': 'Check the computer’s date and any proxy in between.',
  unknown: CHECK_IN_BETWEEN,
};

const DAMAGE_REASONS: Readonly<Record<Extract<ErrorDetail, { kind: 'response-damaged' }>['what'], string>> = {
  json: 'its JSON can’t be read',
  'json-depth': 'its JSON is nested too deeply',
  'json-brackets': 'its JSON has unmatched brackets',
  event: 'an event of the stream ends in the middle',
  base64: 'an image contains characters that aren’t base64',
  'base64-truncated': 'an image’s base64 text ends in the middle',
  'empty-image': 'an image is empty',
  http: 'it isn’t valid HTTP',
};

const OVERSIZED: Readonly<Record<Extract<ErrorDetail, { kind: 'response-too-large' }>['what'], string>> = {
  response: 'The server’s response is larger',
  image: 'An image in the response is larger',
  'image-count': 'The response contains more images',
  text: 'The response contains more text',
  headers: 'The response has more headers',
  'model-list': 'The server’s list of models is larger',
};

function downloadReason({ why, proxy, status, code }: Extract<ErrorDetail, { kind: 'download-failed' }>): string {
  switch (why) {
    case 'private-address':
      return 'it’s on this computer or in a local network, which isn’t allowed for an internet server';
    case 'proxy':
      return `the proxy ${proxy ?? ''} didn’t connect${status === null ? '' : ` (${status})`}`;
    case 'status':
      return `that server responded with status ${status ?? 'unknown'}`;
    case 'not-an-image':
      return 'that file isn’t an image';
    case 'empty':
      return 'that file is empty';
    case 'redirects':
      return 'it redirects too often';
    case 'url':
      return 'the URL isn’t a web address';
    case 'timeout':
      return 'it took too long';
    case 'connection':
      return `the connection failed${code === null ? '' : ` (${code})`}`;
  }
}

/** A duration in words, rounded up: "20 seconds", "6 minutes", "3 hours", "4 days". */
export function formatWait(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 120) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 120) return `${minutes} minutes`;
  const hours = Math.ceil(minutes / 60);
  return hours < 72 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`;
}

function whenToRetry(waitMs: number | null, otherwise: string): string {
  return waitMs === null ? otherwise : `in ${formatWait(waitMs)}`;
}

const MICROS_PER_CENT = 10_000;
const currency = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' });

/** Whole cents; rounded so that a remainder is never overstated and a cost never understated. */
function dollars(micros: number, round: 'up' | 'down' | 'nearest' = 'nearest'): string {
  const cents = micros / MICROS_PER_CENT;
  const whole = round === 'up' ? Math.ceil(cents) : round === 'down' ? Math.floor(cents) : Math.round(cents);
  return currency.format(whole / 100);
}

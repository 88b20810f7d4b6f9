import { dollars, formatWait, whenToRetry } from './amounts.ts';
import { CHECK_NETWORK, CONNECT_REASONS, downloadReason, tlsText, unreachableText } from './connection-texts.ts';
import type { ErrorDetail, ErrorDetailKind } from './details.ts';
import { say, type ErrorText } from './error-text.ts';
import { incompleteText, storageText, unsavedText } from './storage-texts.ts';

type TextOf<K extends ErrorDetailKind> = (detail: Extract<ErrorDetail, { kind: K }>) => ErrorText;

const CHECK_BETWEEN = 'If this happens again, check the server and any proxy in between.';
const SEE_DETAILS = 'See Details for the server’s message.';
const PROXY_SETTINGS = 'the proxy in Settings, Sending';

/** The text of each kind of detail, without a word about money. */
export const DETAIL_TEXTS: { [K in ErrorDetailKind]: TextOf<K> } = {
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
  unreachable: unreachableText,
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

  'library-incomplete': incompleteText,
  storage: storageText,
  'image-unsaved': unsavedText,

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

function costSentence(cost: number | null): string {
  return cost === null
    ? 'The cost is unknown: set a price for the model in Spending.'
    : `Estimated cost: up to ${dollars(cost, 'up')}.`;
}

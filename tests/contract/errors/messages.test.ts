import * as v from 'valibot';
import { expect, test } from 'vitest';
import { BILLING, ERROR_CODES, type Billing, type ErrorCode } from '../../../electron/contract/errors/codes.ts';
import { ErrorDetailSchema, STORAGE_FAULTS, type ErrorDetail } from '../../../electron/contract/errors/details.ts';
import {
  amendReport,
  ErrorReportSchema,
  StudioError,
  toErrorReport,
} from '../../../electron/contract/errors/errors.ts';
import {
  billingLabel,
  billingSentence,
  errorMessage,
  errorParts,
  notSent,
} from '../../../electron/contract/errors/messages.ts';
import { storageHoldNote, storageHoldSentence } from '../../../electron/contract/errors/storage-texts.ts';

/** Every kind of detail with the code it comes with and its text; `MONEY` completes each. */
const TEXTS: [ErrorCode, ErrorDetail, string][] = [
  [
    'image-undecodable',
    { kind: 'text', text: 'This image can’t be decoded. Its bytes are kept.' },
    'This image can’t be decoded. Its bytes are kept.',
  ],
  ['internal', { kind: 'internal' }, 'Something went wrong in Emulsion. The log has the details.'],
  ['host-lost', { kind: 'not-heard' }, 'Emulsion couldn’t confirm that this request was accepted.'],
  ['host-lost', { kind: 'not-accepted' }, 'Emulsion didn’t receive this request, so it wasn’t sent.'],
  ['cancelled', { kind: 'stopped-before-sending', by: 'user' }, 'You stopped this before it was sent.'],
  ['interrupted', { kind: 'stopped-before-sending', by: 'quit' }, 'Emulsion quit before this was sent.'],
  ['cancelled', { kind: 'stopped-while-rate-limited', by: 'user' }, 'You stopped this while it was rate limited.'],
  ['interrupted', { kind: 'stopped-while-rate-limited', by: 'quit' }, 'Emulsion quit while this was rate limited.'],
  ['cancelled', { kind: 'stopped-after-sending' }, 'You stopped this after it was sent.'],
  ['interrupted', { kind: 'quit-after-sending', received: 0, n: 1 }, 'Emulsion quit before the response arrived.'],
  [
    'interrupted',
    { kind: 'quit-after-sending', received: 2, n: 3 },
    'Emulsion quit after 2 of 3 images had arrived. They are in the library.',
  ],
  [
    'library-incomplete',
    {
      kind: 'library-incomplete',
      folder: '/images',
      state: 'older',
      originals: 10_000,
      records: 1,
      unknownOriginals: 0,
      unknownRecords: 1,
    },
    'The library in /images has more than 10,000 image files and 1 record, but its database, library.db, doesn’t know 1 record: it is an older copy, or library.db-wal is missing. Put the newest library.db back, with library.db-wal if there is one, or open it anyway: Emulsion then shows what this database knows and keeps every file.',
  ],
  [
    'library-incomplete',
    {
      kind: 'library-incomplete',
      folder: '/images',
      state: 'gone',
      originals: 0,
      records: 0,
      unknownOriginals: 0,
      unknownRecords: 0,
    },
    'The library in /images held images, but the folder is missing or empty now. Connect its disk or put the folder back, or open it anyway: Emulsion then begins a new library there.',
  ],
  [
    'interrupted',
    { kind: 'quit-before-saving', received: 0, n: 1 },
    'The response arrived, but Emulsion quit before the image was saved.',
  ],
  [
    'interrupted',
    { kind: 'quit-before-saving', received: 1, n: 2 },
    'The response arrived, but Emulsion quit after 1 of 2 images were saved. They are in the library.',
  ],
  [
    'profile-invalid',
    { kind: 'address-changed' },
    'The profile’s address changed while this was queued. Retry if the new address is right.',
  ],
  ['server-unreachable', { kind: 'demo-server-down' }, 'The demo server couldn’t be started.'],
  [
    'timed-out',
    { kind: 'timed-out', limit: 'total', ms: 600_000 },
    'The server didn’t finish within 10 minutes. Check the server, or try a smaller size or a lower quality.',
  ],
  [
    'timed-out',
    { kind: 'timed-out', limit: 'idle', ms: 90_000 },
    'The server sent nothing for 90 seconds. Check the server, or try a smaller size or a lower quality.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'images.test', why: 'name-not-found', ownOrigin: false },
    'images.test can’t be reached: its name can’t be found. Check your network connection and the base URL.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'api.openai.com', why: 'name-not-found', ownOrigin: true },
    'api.openai.com can’t be reached: its name can’t be found. Check your network connection.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'images.test', why: 'refused', ownOrigin: false },
    'images.test can’t be reached: it refuses connections. Check that the server is running, and the base URL and port.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'api.openai.com', why: 'refused', ownOrigin: true },
    'api.openai.com can’t be reached: it refuses connections. Check your network connection and any firewall or proxy.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'images.test', why: 'no-route', ownOrigin: false },
    'images.test can’t be reached: there is no route to it. Check your network connection and the base URL.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'api.openai.com', why: 'no-route', ownOrigin: true },
    'api.openai.com can’t be reached: there is no route to it. Check your network connection.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'images.test', why: 'no-response', ownOrigin: false },
    'images.test can’t be reached: it doesn’t respond. Check the base URL, your network connection and any firewall or proxy.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'api.openai.com', why: 'no-response', ownOrigin: true },
    'api.openai.com can’t be reached: it doesn’t respond. Check your network connection and any firewall or proxy.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'images.test', why: 'no-tls', ownOrigin: false },
    'images.test can’t be reached: it doesn’t use TLS on this port. Check whether the base URL should begin with http://.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'api.openai.com', why: 'no-tls', ownOrigin: true },
    'api.openai.com can’t be reached: it doesn’t use TLS on this port. Check your network connection and any firewall or proxy.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'images.test', why: 'untrusted-certificate', ownOrigin: false },
    'images.test can’t be reached: its certificate isn’t trusted. Check the base URL, the computer’s date and any proxy in between.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'api.openai.com', why: 'untrusted-certificate', ownOrigin: true },
    'api.openai.com can’t be reached: its certificate isn’t trusted. Check the computer’s date and any proxy in between.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'images.test', why: 'unknown', ownOrigin: false },
    'images.test can’t be reached: the connection failed. Check your network connection and the base URL.',
  ],
  [
    'server-unreachable',
    { kind: 'unreachable', host: 'api.openai.com', why: 'unknown', ownOrigin: true },
    'api.openai.com can’t be reached: the connection failed. Check your network connection and any firewall or proxy.',
  ],
  [
    'server-unreachable',
    { kind: 'proxy-unreachable', proxy: 'proxy.test:3128', why: 'refused' },
    'The proxy proxy.test:3128 can’t be used: it refuses connections. Check the proxy in Settings, Sending.',
  ],
  [
    'server-unreachable',
    { kind: 'proxy-unauthorised', proxy: 'proxy.test:3128' },
    'The proxy proxy.test:3128 requires a valid user name and password. Check the proxy in Settings, Sending.',
  ],
  [
    'server-unreachable',
    { kind: 'proxy-unauthorised', proxy: null },
    'The proxy requires a valid user name and password. Check the proxy in Settings, Sending.',
  ],
  [
    'server-unreachable',
    { kind: 'proxy-refused', proxy: 'proxy.test:3128', host: 'images.test', status: 403 },
    'The proxy proxy.test:3128 refused to connect to images.test (403). Allow that server, or change the proxy in Settings, Sending.',
  ],
  [
    'connection-lost',
    { kind: 'connection-broken' },
    'The connection was lost before the response finished. Check your network connection.',
  ],
  [
    'file-missing',
    { kind: 'input-unreadable', name: 'image-1.png' },
    'The input image image-1.png can’t be read. Choose it again.',
  ],
  [
    'file-missing',
    { kind: 'input-changed' },
    'An input image changed or disappeared while it was being sent. Choose it again.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'json' },
    'The server’s response is damaged: its JSON can’t be read. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'json-depth' },
    'The server’s response is damaged: its JSON is nested too deeply. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'json-brackets' },
    'The server’s response is damaged: its JSON has unmatched brackets. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'event' },
    'The server’s response is damaged: an event of the stream ends in the middle. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'base64' },
    'The server’s response is damaged: an image contains characters that aren’t base64. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'base64-truncated' },
    'The server’s response is damaged: an image’s base64 text ends in the middle. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'empty-image' },
    'The server’s response is damaged: an image is empty. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-garbled',
    { kind: 'response-damaged', what: 'http' },
    'The server’s response is damaged: it isn’t valid HTTP. Check that the base URL belongs to an Images API.',
  ],
  [
    'answer-too-large',
    { kind: 'response-too-large', what: 'response' },
    'The server’s response is larger than Emulsion accepts. The rest wasn’t read.',
  ],
  [
    'answer-too-large',
    { kind: 'response-too-large', what: 'image' },
    'An image in the response is larger than Emulsion accepts. The rest wasn’t read.',
  ],
  [
    'answer-too-large',
    { kind: 'response-too-large', what: 'image-count' },
    'The response contains more images than Emulsion accepts. The rest wasn’t read.',
  ],
  [
    'answer-too-large',
    { kind: 'response-too-large', what: 'text' },
    'The response contains more text than Emulsion accepts. The rest wasn’t read.',
  ],
  [
    'answer-too-large',
    { kind: 'response-too-large', what: 'headers' },
    'The response has more headers than Emulsion accepts. Check the base URL.',
  ],
  [
    'answer-too-large',
    { kind: 'response-too-large', what: 'model-list' },
    'The server’s list of models is larger than Emulsion accepts. The rest wasn’t read.',
  ],
  [
    'answer-cut',
    { kind: 'response-truncated', streamed: true },
    'The stream ended before the image was finished. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-cut',
    { kind: 'response-truncated', streamed: false },
    'The server’s response ends in the middle. If this happens again, check the server and any proxy in between.',
  ],
  [
    'answer-empty',
    { kind: 'response-without-image' },
    'The server responded without an image. Check that the model makes images and that the base URL belongs to an Images API.',
  ],
  [
    'answer-empty',
    { kind: 'task-without-image', id: 'task_1', why: 'shown' },
    'The server made a task; image not included. Its ID is task_1; see Details for the server’s message.',
  ],
  [
    'answer-empty',
    { kind: 'task-without-image', id: null, why: 'refused' },
    'The server made a task, but refused to return its result. See Details for the server’s message.',
  ],
  [
    'cancelled',
    { kind: 'task-without-image', id: 'task_1', why: 'stopped' },
    'You stopped this. Its ID is task_1; the server’s task may go on.',
  ],
  [
    'timed-out',
    { kind: 'task-without-image', id: 'task_1', why: 'timed-out' },
    'The server’s task didn’t finish in time. Its ID is task_1; it may still go on.',
  ],
  [
    'answer-not-json',
    { kind: 'response-not-json' },
    'The server’s response isn’t from an Images API. Check the profile’s base URL; it usually ends in /v1.',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'private-address', proxy: null, status: null, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: it’s on this computer or in a local network, which isn’t allowed for an internet server.',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'proxy', proxy: 'proxy.test:3128', status: 502, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: the proxy proxy.test:3128 didn’t connect (502).',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'status', proxy: null, status: 404, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: that server responded with status 404.',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'not-an-image', proxy: null, status: null, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: that file isn’t an image.',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'empty', proxy: null, status: null, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: that file is empty.',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'connection', proxy: null, status: null, code: 'ECONNRESET' },
    'The server made an image, but it couldn’t be downloaded from its URL: the connection failed (ECONNRESET).',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'redirects', proxy: null, status: null, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: it redirects too often.',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'url', proxy: null, status: null, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: the URL isn’t a web address.',
  ],
  [
    'connection-lost',
    { kind: 'download-failed', why: 'timeout', proxy: null, status: null, code: null },
    'The server made an image, but it couldn’t be downloaded from its URL: it took too long.',
  ],
  ['disk-full', { kind: 'disk-full' }, 'The disk is full, so the image couldn’t be saved. Free up space, then retry.'],
  [
    'disk-unwritable',
    { kind: 'disk-unwritable', code: 'EROFS' },
    'The library folder can’t be written (EROFS), so the image couldn’t be saved. Check that the folder exists and is writable.',
  ],
  [
    'disk-unwritable',
    { kind: 'disk-unwritable', code: null },
    'The library folder can’t be written, so the image couldn’t be saved. Check that the folder exists and is writable.',
  ],
  [
    'disk-full',
    { kind: 'storage', fault: 'full', free: 12_900_000, needed: 25_100_000 },
    'The library’s disk is full (12 MB free, 26 MB needed). Free up space.',
  ],
  [
    'disk-full',
    { kind: 'storage', fault: 'full', free: null, needed: null },
    'The library’s disk is full. Free up space.',
  ],
  [
    'disk-unwritable',
    { kind: 'storage', fault: 'unwritable', free: null, needed: null },
    'The library folder can’t be written. Check that its disk is connected and the folder is writable.',
  ],
  [
    'disk-unwritable',
    { kind: 'storage', fault: 'folder-missing', free: null, needed: null },
    'The library folder is gone. Put it back, or connect its disk.',
  ],
  [
    'disk-unwritable',
    { kind: 'storage', fault: 'incoming-missing', free: null, needed: null },
    'The library’s folder “incoming” is gone. Put it back, or choose Check again to create it.',
  ],
  [
    'disk-unwritable',
    { kind: 'storage', fault: 'database-replaced', free: null, needed: null },
    'The library’s database file was replaced. Put the original back, or restart Emulsion.',
  ],
  [
    'disk-full',
    { kind: 'image-unsaved', fault: 'full', images: 1, kept: true },
    'An image was received but couldn’t be saved in the library: the library’s disk is full. It’s kept and will be saved as soon as possible.',
  ],
  [
    'disk-unwritable',
    { kind: 'image-unsaved', fault: 'unwritable', images: 2, kept: false },
    '2 images were received but couldn’t be saved in the library: the library folder can’t be written. Their files are gone.',
  ],
  [
    'internal',
    { kind: 'image-unsaved', fault: null, images: 2, kept: true },
    '2 images were received but couldn’t be saved in the library. They’re kept and will be saved as soon as possible.',
  ],
  [
    'moderation-blocked',
    { kind: 'moderation-blocked' },
    'The server’s safety system refused this request. Reword the prompt or choose other inputs.',
  ],
  [
    'quota-exhausted',
    { kind: 'quota-exhausted' },
    'The account has no credit left or has reached its limit. Add credit or raise the limit with the provider, then retry.',
  ],
  [
    'key-missing',
    { kind: 'key-missing' },
    'The server requires an API key, and this profile has none. Add the key in Settings.',
  ],
  [
    'key-refused',
    { kind: 'key-refused' },
    'The server didn’t accept this profile’s API key. Check in Settings that the key is complete, valid and meant for this server.',
  ],
  [
    'organisation-unverified',
    { kind: 'organisation-unverified' },
    'Your organisation must be verified to use this model. Verify it in the provider’s settings; that can take a few minutes to take effect.',
  ],
  [
    'permission-denied',
    { kind: 'permission-denied' },
    'This API key doesn’t have permission for this request. Check the key’s permissions, the organisation and project, and your access to the model.',
  ],
  [
    'request-refused',
    { kind: 'model-unknown', model: 'gpt-image-9' },
    'The server doesn’t know the model gpt-image-9, or the key has no access to it. Choose another model.',
  ],
  [
    'request-refused',
    { kind: 'model-unknown', model: null },
    'The server doesn’t know this model, or the key has no access to it. Choose another model.',
  ],
  [
    'request-refused',
    { kind: 'deployment-unknown', model: 'gpt-image-2' },
    'Azure has no such deployment for the model gpt-image-2. Enter the deployment’s name in the profile; a new one takes a few minutes.',
  ],
  [
    'request-refused',
    { kind: 'deployment-unknown', model: null },
    'Azure has no such deployment. Enter the deployment’s name in the profile; a new one takes a few minutes.',
  ],
  [
    'endpoint-missing',
    { kind: 'endpoint-missing', azure: false },
    'The server has nothing at this address. Check the profile’s base URL, which usually ends in /v1, and whether the server supports this operation.',
  ],
  [
    'endpoint-missing',
    { kind: 'endpoint-missing', azure: true },
    'Azure has nothing at this address. Check the profile’s base URL, kind of server and api-version; an old version lacks some operations.',
  ],
  [
    'endpoint-missing',
    { kind: 'redirected', to: 'https://elsewhere.test/v1' },
    'The server redirects to https://elsewhere.test/v1; Emulsion doesn’t follow, to protect your key. Enter the final address as the profile’s base URL.',
  ],
  [
    'endpoint-missing',
    { kind: 'redirected', to: null },
    'The server redirects; Emulsion doesn’t follow, to protect your key. Enter the final address as the profile’s base URL.',
  ],
  [
    'request-refused',
    { kind: 'request-too-large' },
    'The server says the request is too large. Use smaller or fewer input images, or a shorter prompt.',
  ],
  [
    'request-refused',
    { kind: 'request-refused', param: 'size', message: 'Too big.', status: 400 },
    'The server refused the request because of “size”: Too big. Change it and retry.',
  ],
  [
    'request-refused',
    { kind: 'request-refused', param: null, message: '', status: 400 },
    'The server refused the request (400). Change it and retry.',
  ],
  [
    'rate-limited',
    { kind: 'rate-limited', waitMs: 20_000 },
    'The server is limiting requests from this account. Retry in 20 seconds.',
  ],
  [
    'rate-limited',
    { kind: 'rate-limited', waitMs: null },
    'The server is limiting requests from this account. Retry in a minute.',
  ],
  [
    'rate-limited',
    { kind: 'rate-limited-too-long', waitMs: 25_200_000, limitMs: 21_600_000 },
    'The server asks for a wait of 7 hours; Emulsion waits 6 hours at most. This wasn’t sent; retry later.',
  ],
  [
    'rate-limited',
    { kind: 'rate-limited-too-often', tries: 10 },
    'The server rate limited this 10 times, so Emulsion stopped retrying. Retry later.',
  ],
  ['server-failed', { kind: 'server-failed', status: 500, waitMs: null }, 'The server failed (500). Retry later.'],
  [
    'server-failed',
    { kind: 'server-failed', status: 503, waitMs: 30_000 },
    'The server failed (503). Retry in 30 seconds.',
  ],
  [
    'server-failed',
    { kind: 'gateway-timed-out', status: 504, waitMs: null },
    'The server or a gateway timed out (504); the image may still have been made. Retry later, perhaps with a lower quality.',
  ],
  [
    'server-failed',
    { kind: 'failed-midway' },
    'The server reported an error while it was working. See Details for the server’s message.',
  ],
  [
    'cap-reached',
    { kind: 'cap-reached', cap: 3_500_000, left: 500_000, pending: 2_000_000, cost: 1_000_000 },
    'This could exceed your monthly limit of $3.50: $0.50 is left, with $2.00 reserved for unfinished requests. Estimated cost: up to $1.00.',
  ],
  [
    'cap-reached',
    { kind: 'cap-reached', cap: 40_000_000, left: 0, pending: 0, cost: null },
    'This could exceed your monthly limit of $40.00: nothing is left. The cost is unknown: set a price for the model in Spending.',
  ],
  [
    'server-failed',
    { kind: 'failed-midway', message: 'insufficient resources.' },
    'The server answered with an error: insufficient resources.',
  ],
  [
    'key-refused',
    { kind: 'key-refused', why: 'expired' },
    'This profile’s API key has expired. Enter a new key in Settings.',
  ],
  [
    'key-refused',
    { kind: 'key-refused', why: 'disabled' },
    'The API key or its account is disabled. Check the account with the provider, or enter another key in Settings.',
  ],
  [
    'permission-denied',
    { kind: 'network-not-allowed' },
    'The server doesn’t accept requests from this network address. Allow this address in the account’s settings, or use an allowed network.',
  ],
  [
    'region-unsupported',
    { kind: 'region-unsupported' },
    'The server isn’t available in the country or region this request came from. Check the provider’s list of supported countries, and any VPN or proxy.',
  ],
  [
    'blocked-in-between',
    { kind: 'challenged', by: 'Cloudflare' },
    'A security check by Cloudflare stopped the request before it reached the server. Turn off any VPN or proxy, try another network, or ask the provider to allow API requests.',
  ],
  [
    'blocked-in-between',
    { kind: 'challenged', by: null },
    'A web page answered instead of the server: a firewall, a proxy or a login page is in between. Open the base URL in a browser on this network, log in if asked, then retry.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'self-signed', issuer: null, at: null, ownOrigin: false },
    'The certificate of images.test is self-signed, so this computer doesn’t trust it. If your company or antivirus checks connections, add its certificate under Settings, Sending; otherwise check the base URL.',
  ],
  [
    'server-unreachable',
    {
      kind: 'tls-failed',
      host: 'images.test',
      why: 'unknown-issuer',
      issuer: 'Contoso CA',
      at: null,
      ownOrigin: false,
    },
    'The certificate of images.test was issued by “Contoso CA”, which this computer doesn’t trust. If your company or antivirus checks connections, add its certificate under Settings, Sending; otherwise check the base URL.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'unknown-issuer', issuer: null, at: null, ownOrigin: false },
    'The certificate of images.test was issued by an authority that this computer doesn’t trust. If your company or antivirus checks connections, add its certificate under Settings, Sending; otherwise check the base URL.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'expired', issuer: null, at: 1620000000000, ownOrigin: false },
    'The certificate of images.test has expired on 3 May 2021. Check this computer’s date; if it is right, tell whoever runs the server.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'not-yet-valid', issuer: null, at: null, ownOrigin: false },
    'The certificate of images.test isn’t valid yet. Check this computer’s date and time.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'wrong-name', issuer: null, at: null, ownOrigin: false },
    'The certificate of images.test is for another name. Check the base URL, and whether a login page or a proxy is in between.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'revoked', issuer: null, at: null, ownOrigin: false },
    'The certificate of images.test was revoked by its issuer. Tell whoever runs the server.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'invalid', issuer: null, at: null, ownOrigin: false },
    'The certificate of images.test isn’t valid. Check any proxy in between, or tell whoever runs the server.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'protocol', issuer: null, at: null, ownOrigin: false },
    'images.test and Emulsion have no secure protocol in common. The server or a proxy in between is too old: it must support TLS 1.2 or later.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'images.test', why: 'client-certificate', issuer: null, at: null, ownOrigin: false },
    'images.test asks for a certificate of this computer, which Emulsion can’t send. Use an address that needs only an API key.',
  ],
  [
    'server-unreachable',
    { kind: 'tls-failed', host: 'api.openai.com', why: 'wrong-name', issuer: null, at: null, ownOrigin: true },
    'The certificate of api.openai.com is for another name. Check whether a login page or a proxy is in between.',
  ],
  [
    'cap-reached',
    { kind: 'cap-unknown', cost: 1_000_000 },
    'Your monthly cap couldn’t be read: set it again in Spending. Estimated cost: up to $1.00.',
  ],
];

/** Refused before sending. */
const CAP = new Set<ErrorDetail['kind']>(['cap-reached', 'cap-unknown']);

const MONEY: Record<Billing, string> = {
  none: 'Not billed.',
  possible: 'It may have been billed, so it won’t be sent again automatically.',
  billed: 'Billed.',
};

/** Codes of errors that concern no request: their text is composed where they occur. */
const LOCAL: ErrorCode[] = [
  'bad-sender',
  'bad-payload',
  'unknown-endpoint',
  'not-found',
  'prompt-empty',
  'prompt-too-long',
  'parameter-invalid',
  'input-invalid',
  'library-newer',
  'library-locked',
  'library-damaged',
  'view-expired',
  'index-loading',
  'secrets-unavailable',
  'unsupported-here',
];

const isAboutMoney = (sentence: string): boolean => /bill|paid|\bpay|charge|nothing was sent/iu.test(sentence);
const sentencesOf = (text: string): string[] => text.split(/(?<=[.?])\s/u);

test('every code is in the table or local', () => {
  const codes = new Set([...TEXTS.map(([code]) => code), ...LOCAL]);
  expect([...codes].toSorted()).toEqual(ERROR_CODES.toSorted());
});

test('every kind of detail is in the table', () => {
  const kinds = new Set(TEXTS.map(([, { kind }]) => kind));
  expect([...kinds].toSorted()).toEqual(
    ErrorDetailSchema.options.map(({ entries }) => entries.kind.literal).toSorted(),
  );
});

const CASES = TEXTS.flatMap(([code, detail, text]) => BILLING.map((billing) => ({ code, detail, text, billing })));

test.for(CASES)('$code, $detail.kind, $billing: $text', ({ code, detail, text, billing }) => {
  const { report } = new StudioError({ code, detail, billing });
  // An opening of the library isn't about a request.
  const opening = detail.kind === 'library-incomplete';
  const money = opening ? 'Nothing was changed.' : CAP.has(detail.kind) ? 'Nothing was sent.' : MONEY[billing];
  expect(report.message).toBe(`${text} ${money}`);
  // One statement about money, in a sentence of its own, and three sentences at most.
  const sentences = sentencesOf(report.message);
  expect(sentences.filter(isAboutMoney)).toEqual(opening ? [] : [money]);
  expect(sentences.length).toBeLessThanOrEqual(3);
  const { title, message } = errorParts(report);
  expect(`${title} ${message}`).toBe(report.message);
  // As it is stored, and as it crosses the contract.
  expect(v.parse(ErrorReportSchema, JSON.parse(JSON.stringify(report)))).toEqual(report);
});

test('an amended report has a new statement about billing', () => {
  for (const { code, detail, text, billing } of CASES) {
    if (CAP.has(detail.kind) || detail.kind === 'library-incomplete') continue;
    for (const later of BILLING) {
      const { report } = new StudioError({ code, detail, billing });
      expect(amendReport(report, { billing: later }).message).toBe(`${text} ${MONEY[later]}`);
    }
  }
});

test('an error without a detail is shown unchanged, and amended with its text', () => {
  const stored = {
    code: 'server-failed',
    message: 'The server failed. It was billed. Look there.',
    billing: 'billed',
  } as const;
  expect(errorMessage(stored)).toBe(stored.message);
  expect(errorParts(stored)).toEqual({ title: 'The server failed.', message: 'It was billed. Look there.' });
  expect(v.parse(ErrorReportSchema, stored)).toEqual(stored);

  const unforeseen = toErrorReport(new TypeError('x is undefined'));
  expect(unforeseen.message).toBe('Something went wrong in Emulsion. The log has the details.');
  expect(amendReport(unforeseen, { billing: 'possible' }).message).toBe(`${unforeseen.message} ${MONEY.possible}`);
});

test('an unknown detail of a later release is ignored, and the stored text is shown', () => {
  const stored = { code: 'internal', message: 'Later. Billed.', billing: 'billed', detail: { kind: 'later' } };
  const read = v.parse(ErrorReportSchema, stored);
  expect(read.detail).toBeUndefined();
  expect(errorMessage(read)).toBe('Later. Billed.');
});

test('notes replace the advice', () => {
  const { report } = new StudioError({
    code: 'connection-lost',
    detail: { kind: 'connection-broken' },
    billing: 'possible',
    notes: ['slept', 'kept'],
  });
  expect(report.message).toBe(
    `The connection was lost before the response finished. The computer went to sleep during the request. ${MONEY.possible}`,
  );
  const { message } = amendReport(report, { unfetched: 2, billing: 'billed' });
  expect(message).toBe(
    'The connection was lost before the response finished. The URLs of 2 images are in Details: open them soon, they may expire within an hour. Billed.',
  );
});

test.each([
  ['none', null, 'Not billed', 'Not billed.'],
  ['none', '$0.041', 'Not billed', 'Not billed.'],
  ['possible', null, 'May have been billed', MONEY.possible],
  ['billed', null, 'Billed', 'Billed.'],
  ['billed', '$0.041', 'Billed $0.041', 'Billed $0.041.'],
] as const)('billing %s of %s', (billing, amount, label, sentence) => {
  expect(billingLabel(billing, amount)).toBe(label);
  expect(billingSentence(billing, amount)).toBe(sentence);
  expect(notSent('The prompt is empty.')).toBe('The prompt is empty. Nothing was sent.');
});

test.each(STORAGE_FAULTS)('a hold because of the storage (%s) is one sentence without a word about money', (fault) => {
  const sentence = storageHoldSentence({ kind: 'storage', fault, free: 1, needed: 2 });
  expect(sentence).toMatch(/^Nothing is sent for now: [^.]+\.$/u);
  expect(sentence).not.toMatch(/bill|paid/u);
  // What to do, then what it means for the queue.
  expect(storageHoldNote({ fault })).toMatch(
    /^[^.]+\. Queued requests weren’t billed and are sent once this is fixed\.$/u,
  );
});

import type { ConnectFault, ErrorDetail } from './details.ts';
import { say, type ErrorText } from './error-text.ts';

export const CHECK_NETWORK = 'Check your network connection.';
const CHECK_IN_BETWEEN = 'Check your network connection and any firewall or proxy.';

/** Why a server or proxy can't be reached, as clauses. */
export const CONNECT_REASONS: Readonly<Record<ConnectFault, string>> = {
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

/** A server that can't be reached. */
export function unreachableText({ host, why, ownOrigin }: Extract<ErrorDetail, { kind: 'unreachable' }>): ErrorText {
  const checks = ownOrigin ? OWN_ORIGIN_CHECKS : CONNECT_CHECKS;
  return say(`${host} can’t be reached: ${CONNECT_REASONS[why]}.`, checks[why]);
}

const COMPANY_CERTIFICATE =
  'If your company or antivirus checks connections, add its certificate under Settings, Sending';

/** A secure connection that couldn't be made. */
export function tlsText({ host, why, issuer, at, ownOrigin }: Extract<ErrorDetail, { kind: 'tls-failed' }>): ErrorText {
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

/** Why an image that the server made couldn't be downloaded from its URL, as a clause. */
export function downloadReason({
  why,
  proxy,
  status,
  code,
}: Extract<ErrorDetail, { kind: 'download-failed' }>): string {
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

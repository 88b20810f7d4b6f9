import type { Certificate, TLSSocket } from 'node:tls';
import type { PeerCertificateFacts } from '../errors/certificate-errors.ts';

/** Adds what the peer's certificate says to the errors of a connection, for the message when it isn't trusted. */
export function withPeerCertificate(socket: TLSSocket): TLSSocket {
  let facts: PeerCertificateFacts | null = null;
  // `secure` comes before the certificate is checked; afterwards a refused connection no longer has it.
  socket.prependListener('secure', () => {
    const { issuer, valid_from: from, valid_to: to } = socket.getPeerCertificate();
    facts = { issuer: nameOf(issuer), validFrom: timeOf(from), validTo: timeOf(to) };
  });
  socket.prependListener('error', (error) => {
    if (facts) Object.assign(error, { peerCertificate: facts });
  });
  return socket;
}

/** A subject's common name, else its organisation. A certificate may lack both, or be missing. */
function nameOf(subject: Partial<Certificate> | undefined): string | null {
  const name: unknown = [subject?.CN, subject?.O].flat().find((text) => typeof text === 'string' && text !== '');
  return typeof name === 'string' ? name : null;
}

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}

import { TLS_FAULTS, type ErrorDetail, type TlsFault } from '../../contract/errors/details.ts';
import { sanitizeText } from './redact.ts';

/** What a server's certificate says. Times in ms since 1970. */
export interface PeerCertificateFacts {
  issuer: string | null;
  validFrom: number | null;
  validTo: number | null;
}

/** By codes of OpenSSL's verification, of OpenSSL's TLS and of Node. */
const FAULTS: Readonly<Record<TlsFault, readonly string[]>> = {
  'self-signed': ['DEPTH_ZERO_SELF_SIGNED_CERT'],
  'unknown-issuer': [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'CERT_UNTRUSTED',
    'ERR_SSL_CERTIFICATE_VERIFY_FAILED',
  ],
  expired: ['CERT_HAS_EXPIRED', 'ERR_SSL_CERTIFICATE_HAS_EXPIRED'],
  'not-yet-valid': ['CERT_NOT_YET_VALID'],
  'wrong-name': ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'ERR_TLS_CERT_ALTNAME_FORMAT'],
  revoked: ['CERT_REVOKED'],
  invalid: [
    'CERT_REJECTED',
    'CERT_SIGNATURE_FAILURE',
    'CERT_CHAIN_TOO_LONG',
    'INVALID_CA',
    'INVALID_PURPOSE',
    'PATH_LENGTH_EXCEEDED',
    'UNABLE_TO_DECRYPT_CERT_SIGNATURE',
    'UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY',
    'ERROR_IN_CERT_NOT_BEFORE_FIELD',
    'ERROR_IN_CERT_NOT_AFTER_FIELD',
    'UNABLE_TO_GET_CRL',
    'CRL_HAS_EXPIRED',
    'CRL_NOT_YET_VALID',
    'CRL_SIGNATURE_FAILURE',
    'EE_KEY_TOO_SMALL',
    'CA_KEY_TOO_SMALL',
    'CA_MD_TOO_WEAK',
    'ERR_SSL_EE_KEY_TOO_SMALL',
    'ERR_SSL_CA_MD_TOO_WEAK',
    'ERR_SSL_DH_KEY_TOO_SMALL',
  ],
  protocol: [
    'ERR_SSL_UNSUPPORTED_PROTOCOL',
    'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
    'ERR_SSL_VERSION_TOO_LOW',
    'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
    'ERR_SSL_WRONG_SSL_VERSION',
    'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_TLS_ALERT_HANDSHAKE_FAILURE',
    'ERR_SSL_NO_SHARED_CIPHER',
    'ERR_SSL_TLSV1_ALERT_INSUFFICIENT_SECURITY',
    'ERR_SSL_TLSV1_ALERT_INAPPROPRIATE_FALLBACK',
    'ERR_SSL_UNSAFE_LEGACY_RENEGOTIATION_DISABLED',
  ],
  'client-certificate': [
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
    'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
    'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
  ],
};

/** Why a secure connection failed; null if the codes don't say that it was about TLS. */
export function tlsFaultOf(codes: readonly string[]): TlsFault | null {
  const known = TLS_FAULTS.find((fault) => codes.some((code) => FAULTS[fault].includes(code)));
  // Else a code of a later release.
  return known ?? (codes.some((code) => /CERT|SELF_SIGNED|ALTNAME|_CRL_/u.test(code)) ? 'invalid' : null);
}

/** The same for a server, with what its certificate says. */
export function tlsDetail(
  server: { host: string; ownOrigin: boolean },
  codes: readonly string[],
  error: unknown,
): ErrorDetail | null {
  const why = tlsFaultOf(codes);
  if (why === null) return null;
  const facts = peerOf(error);
  const issuer = facts?.issuer == null ? null : sanitizeText(facts.issuer.replace(/\s+/gu, ' '), null, 100) || null;
  const at = why === 'expired' ? facts?.validTo : why === 'not-yet-valid' ? facts?.validFrom : null;
  return { kind: 'tls-failed', ...server, why, issuer, at: at ?? null };
}

function peerOf(error: unknown): PeerCertificateFacts | null {
  if (!(error instanceof Error)) return null;
  if ('peerCertificate' in error) return error.peerCertificate as PeerCertificateFacts;
  return peerOf(error.cause);
}

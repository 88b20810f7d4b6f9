import { X509Certificate } from 'node:crypto';
import type { ExtraCertificates, TrustedCertificate } from '../contract/entities/certificates.ts';
import { StudioError } from '../contract/errors/errors.ts';

/** In `settings.json`. Certificates are public, unlike their keys. */
export interface StoredCertificates {
  /** Of the file that they came from. */
  name: string;
  pem: string[];
}

const MAX_CERTIFICATES = 500;
const PEM =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END (?:X509 |TRUSTED )?CERTIFICATE-----/gu;

/**
 * Reads a file of certificates: PEM, also several, or one in DER.
 * @throws `profile-invalid` with field `certificates`: for a private key, which must not be kept, and for anything that is no certificate.
 *   The message doesn't quote the file
 */
export function readCertificateFile(name: string, bytes: Buffer): StoredCertificates {
  if (bytes.length === 0) throw invalidFile('The file is empty.');
  const text = bytes.toString('latin1');
  if (/-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/u.test(text))
    throw invalidFile(
      'The file holds a private key, which Emulsion must not have. Choose a file with certificates only.',
    );
  if (/-----BEGIN (?:PKCS7|CMS)-----/u.test(text))
    throw invalidFile('This is a PKCS #7 file (.p7b). Export the certificate as PEM or DER (.pem, .crt or .cer).');
  const found = text.match(PEM) ?? [];
  if (found.length > MAX_CERTIFICATES) throw invalidFile(`The file holds more than ${MAX_CERTIFICATES} certificates.`);
  const parsed = found.length > 0 ? found.map(parse) : [parse(bytes)];
  return { name, pem: [...new Set(parsed.map((certificate) => certificate.toString()))] };
}

function parse(encoded: string | Buffer): X509Certificate {
  try {
    return new X509Certificate(encoded);
  } catch {
    // The cause may quote the file.
    const isContainer = typeof encoded !== 'string' && encoded[0] === 0x30;
    throw invalidFile(
      isContainer
        ? 'This isn’t a certificate. A .p12 or .pfx file holds a private key too: export the certificate alone, as PEM or DER.'
        : 'The file holds no certificate that can be read. Choose a PEM or DER file (.pem, .crt or .cer).',
    );
  }
}

/** What the certificates say, for the screen. @param now ms since 1970 */
export function describeCertificates({ name, pem }: StoredCertificates, now: number): ExtraCertificates {
  return { name, certificates: pem.map((text) => describe(new X509Certificate(text), now)) };
}

function describe(certificate: X509Certificate, now: number): TrustedCertificate {
  const validTo = Date.parse(certificate.validTo);
  return { subject: nameIn(certificate.subject), issuer: nameIn(certificate.issuer), validTo, expired: validTo < now };
}

/** The common name, else the organisation, of a distinguished name as Node writes it: one part on each line. */
function nameIn(text: string | undefined): string {
  const lines = (text ?? '').split('\n');
  const part = (key: string): string | undefined =>
    lines.find((line) => line.startsWith(`${key}=`))?.slice(key.length + 1);
  const name = part('CN') ?? part('O') ?? part('OU') ?? lines[0] ?? '';
  return name.replace(/[\p{Cc}\p{Cf}]/gu, '').slice(0, 100) || 'Unnamed';
}

/** Whether a stored text is a certificate. */
export function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).toString() !== '';
  } catch {
    return false;
  }
}

function invalidFile(message: string): StudioError {
  return new StudioError({
    code: 'profile-invalid',
    message: `${message} Nothing was changed.`,
    field: 'certificates',
  });
}

import * as v from 'valibot';

/** Bytes. A list of all public authorities has a third of it. */
export const MAX_CERTIFICATE_FILE_BYTES = 1024 * 1024;

/** A file of certificates as the page sends it. */
export const CertificateFileSchema = v.strictObject({
  name: v.pipe(v.string(), v.trim(), v.maxLength(255)),
  /** The file's bytes. */
  base64: v.pipe(v.string(), v.maxLength(Math.ceil((MAX_CERTIFICATE_FILE_BYTES * 4) / 3) + 4)),
});

/** One extra certificate, for the screen. */
export interface TrustedCertificate {
  /** Whom it names: common name or organisation. */
  subject: string;
  issuer: string;
  /** Ms since 1970. */
  validTo: number;
  expired: boolean;
}

/** The person's extra certificates: the name of the file that they came from, and what they say. */
export interface ExtraCertificates {
  name: string;
  certificates: TrustedCertificate[];
}

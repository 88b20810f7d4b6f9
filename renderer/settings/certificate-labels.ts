import type { TrustedCertificate } from '../../electron/contract/entities/certificates.ts';

/** One line of the list: "Contoso CA, valid until 3 May 2031". */
export function certificateLine({ subject, issuer, validTo, expired }: TrustedCertificate): string {
  const day = new Date(validTo).toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' });
  const by = issuer === subject ? '' : ` (issued by ${issuer})`;
  return `${subject}${by}, ${expired ? `expired on ${day}: it isn’t trusted any more` : `valid until ${day}`}`;
}

import type { Metadata } from 'sharp';

/** Sentences about colour changes when a file is rewritten in sRGB with 8 bits per channel. */
export function colorMessages({ space, depth, icc }: Metadata): string[] {
  const messages: string[] = [];
  if (space === 'cmyk') messages.push('Converted from CMYK to sRGB.');
  else if (icc && !isSrgb(icc)) messages.push('Converted colours to sRGB.');
  if (depth !== 'uchar') messages.push('Reduced to 8 bits per channel.');
  return messages;
}

/** Whether an ICC profile names itself sRGB, in ASCII or UTF-16. */
function isSrgb(profile: Buffer): boolean {
  return profile.toString('latin1').replaceAll('\0', '').includes('sRGB');
}

/** Whether the file carries EXIF, XMP, IPTC or comments. */
export function hasMetadata({ exif, xmp, iptc, comments }: Metadata): boolean {
  return [exif, xmp, iptc].some((block) => block !== undefined) || (comments?.length ?? 0) > 0;
}

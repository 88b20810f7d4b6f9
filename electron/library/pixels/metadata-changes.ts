import type { Metadata } from 'sharp';

/** Sentences about colour changes when a file is rewritten in sRGB with 8 bits per channel. */
export function colorMessages({ space, depth, icc }: Metadata): string[] {
  const words: string[] = [];
  if (space === 'cmyk') words.push('Converted from CMYK to sRGB.');
  else if (icc && !isSrgb(icc)) words.push('Converted colours to sRGB.');
  if (depth !== 'uchar') words.push('Reduced to 8 bits per channel.');
  return words;
}

/** Whether an ICC profile names itself sRGB, in ASCII or UTF-16. */
function isSrgb(profile: Buffer): boolean {
  return profile.toString('latin1').replaceAll('\0', '').includes('sRGB');
}

/** Whether the file carries EXIF, XMP, IPTC or comments. */
export function hasMetadata({ exif, xmp, iptc, comments }: Metadata): boolean {
  return [exif, xmp, iptc].some((block) => block !== undefined) || (comments?.length ?? 0) > 0;
}

import type { Metadata } from 'sharp';

/** What becomes of a file's colours when it is written anew in sRGB with eight bits a channel, as sentences. */
export function colorMessages({ space, depth, icc }: Metadata): string[] {
  const words: string[] = [];
  if (space === 'cmyk') words.push('Converted from CMYK to sRGB.');
  else if (icc && !isSrgb(icc)) words.push('Converted its colours to sRGB.');
  if (depth !== 'uchar') words.push('Reduced to 8 bits per channel.');
  return words;
}

/** A profile names itself, in Latin letters or with a zero byte before each. */
function isSrgb(profile: Buffer): boolean {
  return profile.toString('latin1').replaceAll('\0', '').includes('sRGB');
}

/** Whether the file says something beside its pixels: place, time, camera, captions. */
export function hasMetadata({ exif, xmp, iptc, comments }: Metadata): boolean {
  return [exif, xmp, iptc].some((block) => block !== undefined) || (comments?.length ?? 0) > 0;
}

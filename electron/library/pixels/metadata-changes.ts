import type { Metadata } from 'sharp';
import { HEADER_ONLY, sharp } from './sharp-limits.ts';
import type { FileColour } from './colour/file-colour.ts';

/** Sentences about what {@link openPixels} converts in a file; [] if its numbers stay as they are. */
export function colourChanges({ space, profile, depth }: FileColour): string[] {
  const messages: string[] = [];
  if (space === 'cmyk') messages.push('Converted from CMYK to sRGB.');
  else if (profile) messages.push('Converted colours to sRGB.');
  if (depth === 16) messages.push('Reduced to 8 bits per channel.');
  return messages;
}

/** Whether the file carries EXIF, XMP, IPTC or comments. Rejects if its header can't be read. */
export async function hasMetadata(path: string): Promise<boolean> {
  const { exif, xmp, iptc, comments }: Metadata = await sharp(path, HEADER_ONLY).metadata();
  return [exif, xmp, iptc].some((block) => block !== undefined) || (comments?.length ?? 0) > 0;
}

import { open } from 'node:fs/promises';
import type { FileFormat } from '../../../contract/catalogue/file-formats.ts';
import type { Piece } from './pieces.ts';
import { planJpeg } from './xmp-in-jpeg.ts';
import { planPng } from './xmp-in-png.ts';
import { planWebp } from './xmp-in-webp.ts';
import { otherProperties } from './xmp-others.ts';
import { fullName, propertyPart, type XmpName, type XmpPart, type XmpProperty } from './xmp-packet.ts';

/** What is written into an image's XMP, and which properties must not be there. Others that the file has stay. */
export interface XmpUpdate {
  properties: readonly XmpProperty[];
  removed: readonly XmpName[];
}

/** How a copy is made, of what the file has and what is new. */
export interface XmpPlan {
  pieces: Piece[];
  dropsXmp: boolean;
}

interface Merged {
  parts: XmpPart[];
  dropsXmp: boolean;
}

/**
 * Plans a copy of an image file with XMP. Every byte of the file stays, in its order, except an XMP packet, which is merged into the new one,
 * and a WebP's headers that state the file's length and that it has XMP.
 * `dropsXmp`: the file has XMP that is damaged or too large, and isn't in the copy.
 * @returns null if the format isn't PNG, JPEG or WebP, or the file's structure is broken
 */
export async function planWithXmp(path: string, format: FileFormat, update: XmpUpdate): Promise<XmpPlan | null> {
  if (format !== 'png' && format !== 'jpeg' && format !== 'webp') return null;
  const file = await open(path, 'r');
  try {
    let dropsXmp = false;
    const pieces = await PLANS[format](file, (packets) => {
      const merged = merge(packets, update);
      dropsXmp = merged.dropsXmp;
      return merged.parts;
    });
    return pieces && { pieces, dropsXmp };
  } finally {
    await file.close();
  }
}

const PLANS = { png: planPng, jpeg: planJpeg, webp: planWebp };

function merge(packets: readonly (string | null)[], { properties, removed }: XmpUpdate): Merged {
  const replaced = new Set([...properties.map(({ name }) => name), ...removed].map(fullName));
  const others = packets
    .filter((packet) => packet?.trim() !== '')
    .map((packet) => (packet === null ? null : otherProperties(packet, replaced)));
  return {
    parts: [...properties.map(propertyPart), ...others.flatMap((parts) => parts ?? [])],
    dropsXmp: others.includes(null),
  };
}

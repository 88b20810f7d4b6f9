import type { FileHandle } from 'node:fs/promises';

/** A part of an image file that holds no pixels and nothing that they need to be shown. */
export interface MetadataBlock {
  kind: 'exif' | 'xmp' | 'iptc' | 'text' | 'other';
  /** Where its container (chunk, segment) starts and ends, bytes. */
  start: number;
  end: number;
  /** Where its content starts; it ends at `contentEnd`. */
  content: number;
  contentEnd: number;
  /** For text: whether and how it is compressed is decided by the chunk's type. */
  type?: string;
}

/** A file's parts, without those that a viewer needs. `end`: where the image ends; what follows isn't part of it. */
export interface MetadataMap {
  blocks: MetadataBlock[];
  end: number;
}

/** Reads up to `length` bytes; fewer at the end of the file, none at a place that no file has. */
export async function readAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  if (!Number.isSafeInteger(at)) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.max(0, length)), 0, Math.max(0, length), at);
  return buffer.subarray(0, bytesRead);
}

/** Bytes of an XMP packet that are read; real ones have kilobytes. */
export const MAX_PACKET = 8_000_000;

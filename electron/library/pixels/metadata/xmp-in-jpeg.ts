import type { FileHandle } from 'node:fs/promises';
import { walkJpegSegments, type JpegSegment } from './jpeg-segments.ts';
import { MAX_PACKET, readAt } from './metadata-block.ts';
import { jpegSegment, type Piece } from './pieces.ts';
import { splitPacket, xmpPacket, type XmpPart, type MergeXmp } from './xmp-packet.ts';

const APP0 = 0xe0;
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;
/** Prefixes of the segments that hold a packet, and what doesn't fit into its segment (XMP specification, part 3, 1.1.3). */
const PACKET = 'http://ns.adobe.com/xap/1.0/\0';
const EXTENSION = 'http://ns.adobe.com/xmp/extension/\0';
const MAX_SEGMENT = 65_533;
/** Digest, length and offset follow an extension's prefix. */
const EXTENSION_HEAD = EXTENSION.length + 40;
/** Bytes of an extension that a segment holds. */
const EXTENSION_PART = 65_000;

/** A JPEG with XMP behind its JFIF and EXIF segments. */
export async function planJpeg(file: FileHandle, merge: MergeXmp): Promise<Piece[] | null> {
  const { size } = await file.stat();
  const old = new OldPackets(file);
  const kept: { from: number; to: number }[] = [];
  let from = 2;
  let insertAt = 2;
  let last = 0;
  for await (const segment of walkJpegSegments(file)) {
    const { marker, start, end, head } = segment;
    last = marker;
    if (await old.add(segment)) {
      kept.push({ from, to: start });
      from = end;
    } else if (marker === APP0 || (marker === APP1 && head.toString('latin1').startsWith('Exif\0'))) insertAt = end;
  }
  if (last !== START_OF_SCAN) return null;
  kept.push({ from, to: size });
  return [{ from: 0, to: 2 }, ...insert(kept, insertAt, segmentsOf(merge(old.packets())))];
}

/** The XMP that a file has. */
class OldPackets {
  readonly #file: FileHandle;
  readonly #packets: string[] = [];
  /** Parts of extensions by their digests. */
  readonly #extensions = new Map<string, { offset: number; data: Buffer }[]>();
  #room = MAX_PACKET;
  #isCut = false;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @returns whether a segment is XMP */
  async add({ marker, start, end, head }: JpegSegment): Promise<boolean> {
    const text = head.toString('latin1');
    if (marker !== APP1 || !(text.startsWith(PACKET) || text.startsWith(EXTENSION))) return false;
    this.#room -= end - start;
    if (this.#room < 0) {
      this.#isCut = true;
      return true;
    }
    const content = await readAt(this.#file, start + 4, end - start - 4);
    if (text.startsWith(PACKET)) this.#packets.push(content.toString('utf8', PACKET.length));
    else if (content.length >= EXTENSION_HEAD) {
      const digest = content.toString('latin1', EXTENSION.length, EXTENSION.length + 32);
      const part = { offset: content.readUInt32BE(EXTENSION_HEAD - 4), data: content.subarray(EXTENSION_HEAD) };
      this.#extensions.set(digest, [...(this.#extensions.get(digest) ?? []), part]);
    }
    return true;
  }

  /** Their texts, and null for what there is more than is read. An extension counts if a packet names it. */
  packets(): (string | null)[] {
    const named = [...this.#extensions].filter(([digest]) => this.#packets.some((packet) => packet.includes(digest)));
    const texts = named.map(([, parts]) => {
      const inOrder = parts.sort((one, other) => one.offset - other.offset);
      return Buffer.concat(inOrder.map(({ data }) => data)).toString('utf8');
    });
    return [...this.#packets, ...texts, ...(this.#isCut ? [null] : [])];
  }
}

/** One segment, or several where the packet is longer than one holds. */
function segmentsOf(parts: readonly XmpPart[]): Buffer[] {
  const segment = (packet: string): Buffer => jpegSegment(APP1, Buffer.from(PACKET + packet, 'utf8'));
  const room = MAX_SEGMENT - PACKET.length;
  const whole = xmpPacket(parts);
  if (Buffer.byteLength(whole) <= room) return [segment(whole)];
  const { packet, rest, digest } = splitPacket(parts, room);
  const extensions = Array.from({ length: Math.ceil(rest.length / EXTENSION_PART) }, (_none, index) => {
    const place = Buffer.alloc(8);
    place.writeUInt32BE(rest.length, 0);
    place.writeUInt32BE(index * EXTENSION_PART, 4);
    const part = rest.subarray(index * EXTENSION_PART, (index + 1) * EXTENSION_PART);
    return jpegSegment(APP1, Buffer.concat([Buffer.from(EXTENSION + digest, 'latin1'), place, part]));
  });
  return [segment(packet), ...extensions];
}

/** @returns the pieces with others at the file's offset `at` */
function insert(pieces: readonly { from: number; to: number }[], at: number, added: readonly Piece[]): Piece[] {
  const index = pieces.findIndex(({ from, to }) => from <= at && at <= to);
  return pieces.flatMap((piece, place) =>
    place === index ? [{ from: piece.from, to: at }, ...added, { from: at, to: piece.to }] : [piece],
  );
}

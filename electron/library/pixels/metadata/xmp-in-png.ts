import type { FileHandle } from 'node:fs/promises';
import { inflateSync } from 'node:zlib';
import { pngChunk, PNG_HEADER_END, walkPngChunks, type ChunkPlace } from '../colour/png-chunks.ts';
import { MAX_PACKET, readAt } from './metadata-block.ts';
import type { Piece } from './pieces.ts';
import { xmpPacket, type MergeXmp } from './xmp-packet.ts';

/** An international text chunk with this keyword is XMP (XMP specification, part 3, 1.1.5); not compressed, so that any reader finds it. */
const KEYWORD = 'XML:com.adobe.xmp';

/** A PNG with XMP behind its header chunk. */
export async function planPng(file: FileHandle, merge: MergeXmp): Promise<Piece[] | null> {
  const { size } = await file.stat();
  const packets: (string | null)[] = [];
  const kept: Piece[] = [];
  let from = PNG_HEADER_END;
  let last = '';
  for await (const place of walkPngChunks(file)) {
    if (last === '' && place.type !== 'IHDR') return null;
    last = place.type;
    const packet = place.type === 'iTXt' ? await readPacket(file, place) : null;
    if (packet) {
      packets.push(packet.text);
      kept.push({ from, to: place.at - 8 });
      from = place.at + place.length + 4;
    }
    if (last === 'IEND') break;
  }
  if (last !== 'IEND') return null;
  const head = Buffer.from(`${KEYWORD}\0\0\0\0\0`, 'latin1');
  const chunk = pngChunk('iTXt', Buffer.concat([head, Buffer.from(xmpPacket(merge(packets)), 'utf8')]));
  return [{ from: 0, to: PNG_HEADER_END }, chunk, ...kept, { from, to: size }];
}

/** The packet in an international text chunk (PNG Third Edition, 11.3.3.4), its text null where it can't be read; null if it isn't XMP. */
async function readPacket(file: FileHandle, { at, length }: ChunkPlace): Promise<{ text: string | null } | null> {
  const keyword = await readAt(file, at, KEYWORD.length + 1);
  if (keyword.toString('latin1') !== `${KEYWORD}\0`) return null;
  if (length > MAX_PACKET) return { text: null };
  const content = await readAt(file, at + KEYWORD.length + 1, length - KEYWORD.length - 1);
  const translated = content.indexOf(0, 2);
  const text = content.subarray(content.indexOf(0, translated + 1) + 1);
  if (content[0] !== 1) return { text: text.toString('utf8') };
  try {
    return { text: inflateSync(text, { maxOutputLength: MAX_PACKET }).toString('utf8') };
  } catch {
    return { text: null };
  }
}

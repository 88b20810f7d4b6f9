import { createReadStream } from 'node:fs';

/** A part of a new file: bytes `from`–`to` of the old one, or new bytes. */
export type Piece = { from: number; to: number } | Buffer;

/** How many bytes pieces have together. */
export function piecesBytes(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + (Buffer.isBuffer(piece) ? piece.length : piece.to - piece.from), 0);
}

/** The bytes of a new file, in parts of at most 64 KB. @param path the old one */
export async function* readPieces(path: string, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (Buffer.isBuffer(piece)) yield piece;
    else if (piece.to > piece.from)
      yield* createReadStream(path, { start: piece.from, end: piece.to - 1 }) as AsyncIterable<Buffer>;
  }
}

/** A JPEG's marker segment (ITU-T T.81, B.1.1.4). `content` has at most 65,533 bytes. */
export function jpegSegment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(2 + content.length, 2);
  return Buffer.concat([head, content]);
}

/** A chunk of the RIFF container (RFC 9649, 2.3), padded to an even length. */
export function webpChunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, 0, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

import { crc32 } from 'node:zlib';
import type { OutputFormat } from '../../electron/contract/catalogue/parameters.ts';

/** The same image in bytes of its own: a comment with a number, where the format has a place for one. */
export function withNumber(bytes: Buffer, format: OutputFormat, number: number): Buffer {
  const comment = Buffer.from(`copy ${number}`);
  switch (format) {
    case 'png':
      return insertAt(
        bytes,
        bytes.length - PNG_END,
        pngChunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), comment])),
      );
    case 'jpeg':
      return insertAt(bytes, 2, Buffer.concat([Buffer.from([0xff, 0xfe, 0, comment.length + 2]), comment]));
    case 'gif':
      return insertAt(
        bytes,
        bytes.length - 1,
        Buffer.concat([Buffer.from([0x21, 0xfe, comment.length]), comment, Buffer.alloc(1)]),
      );
    case 'svg':
      return insertAt(bytes, bytes.lastIndexOf('</svg'), Buffer.from(`<!-- ${comment.toString()} -->`));
    case 'webp':
      return numberWebp(bytes, comment);
  }
}

function insertAt(bytes: Buffer, at: number, more: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
}

/** Length of PNG's last chunk, IEND. */
const PNG_END = 12;

function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(named), 4);
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)]);
}

/** Lossy WebP without transparency, in the extended format, which may have other chunks (RFC 9649, 2.7). */
function numberWebp(bytes: Buffer, comment: Buffer): Buffer {
  const frame = bytes.subarray(12);
  if (frame.toString('latin1', 0, 4) !== 'VP8 ') throw new Error('Not a simple lossy WebP.');
  // Width and height in the VP8 frame header (RFC 6386, 9.1).
  const [width, height] = [frame.readUInt16LE(14) & 0x3fff, frame.readUInt16LE(16) & 0x3fff];
  const extended = Buffer.alloc(10);
  extended.writeUIntLE(width - 1, 4, 3);
  extended.writeUIntLE(height - 1, 7, 3);
  const body = Buffer.concat([Buffer.from('WEBP'), riffChunk('VP8X', extended), frame, riffChunk('NOTE', comment)]);
  const head = Buffer.alloc(8);
  head.write('RIFF', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

function riffChunk(type: string, data: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(data.length);
  return Buffer.concat([Buffer.from(type), size, data, Buffer.alloc(data.length % 2)]);
}

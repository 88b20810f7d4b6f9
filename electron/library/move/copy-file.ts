import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { errorCode } from '../../disk/error-code.ts';
import { UNPROVEN, type Copied } from './copy-journal.ts';

/** Read in one piece. */
const PIECE_BYTES = 1_048_576;
/**
 * Copies a file durably: under a temporary name, read again and compared, and only then named. Blocks.
 * @param piece is told how many bytes of it are copied; throws to stop
 * @returns what it was when it was copied; null if the file is gone
 * @throws the system's error; `EIO` for a copy whose bytes differ
 */
export function copyFile(from: string, to: string, piece: (bytes: number) => void): Copied | null {
  const source = openIfThere(from);
  if (source === null) return null;
  const part = to + UNPROVEN;
  try {
    const times = fstatSync(source, { bigint: true });
    let read = 0;
    const target = openSync(part, 'w+');
    try {
      const written = hashPieces(source, (bytes) => {
        for (let at = 0; at < bytes.length;) at += writeSync(target, bytes, at);
        read += bytes.length;
        piece(bytes.length);
      });
      fsyncSync(target);
      if (hashPieces(target, () => undefined) !== written)
        throw Object.assign(new Error(`The copy ${to} differs from its file.`), { code: 'EIO' });
      closeSync(target);
      utimesSync(part, Number(times.atimeMs) / 1000, Number(times.mtimeMs) / 1000);
      renameSync(part, to);
      return { bytes: read, modified: String(times.mtimeNs), sha256: written };
    } catch (thrown) {
      closeQuietly(target);
      throw thrown;
    }
  } catch (thrown) {
    removeQuietly(part);
    throw thrown;
  } finally {
    closeSync(source);
  }
}

/** Writes a text durably, under a temporary name until it is whole. Blocks. @throws the system's error */
export function writeText(to: string, text: string): void {
  const part = to + UNPROVEN;
  writeFileSync(part, text, { flush: true });
  renameSync(part, to);
}

/** The SHA-256 of a file, read from its beginning. */
function hashPieces(file: number, each: (bytes: Buffer) => void): string {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  for (let position = 0; ;) {
    const count = readSync(file, buffer, 0, PIECE_BYTES, position);
    if (count === 0) return hash.digest('hex');
    const bytes = buffer.subarray(0, count);
    hash.update(bytes);
    each(bytes);
    position += count;
  }
}

/** A record that is rewritten, or an image that is deleted for good, may be gone since it was listed. */
function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    if (errorCode(thrown) === 'ENOENT') return null;
    throw thrown;
  }
}

function closeQuietly(file: number): void {
  try {
    closeSync(file);
  } catch {
    // It is closed.
  }
}

function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The disk is gone. The next attempt writes it anew.
  }
}

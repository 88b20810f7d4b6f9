import { open } from 'node:fs/promises';
import { StudioError } from '../../../contract/errors/errors.ts';
import { MAX_IMPORT_BYTES } from '../../../contract/rules/import-limits.ts';
import { errorCode } from '../../../disk/error-code.ts';
import { formatOfHead, SNIFFED_BYTES } from '../../files/format.ts';
import type { ZipPlace, ZipReader } from '../zip/read-zip.ts';
import { ImportRefusal, requireImportable } from './inspect-image.ts';
import { onOwnDisk } from './on-own-disk.ts';

/**
 * Writes an image of a ZIP to a new file. What begins as something else isn't unpacked any further.
 * @param each is given the bytes as they are written
 * @throws ImportRefusal; StudioError `disk-full`, `disk-unwritable`; the system's error while the ZIP is read
 */
export async function extractImage(
  zip: ZipReader,
  place: ZipPlace,
  to: string,
  each?: (chunk: Buffer) => void,
): Promise<void> {
  if (place.uncompressedSize === 0) throw new ImportRefusal('empty');
  const target = await onOwnDisk(to, () => open(to, 'wx', 0o600));
  const head = new HeadCheck(place.uncompressedSize);
  try {
    for await (const chunk of zip.read(place)) {
      head.add(chunk);
      each?.(chunk);
      await onOwnDisk(to, () => target.write(chunk));
    }
    head.end();
  } catch (thrown) {
    if (thrown instanceof ImportRefusal || thrown instanceof StudioError || isSystemError(thrown)) throw thrown;
    // Wrong checksum, wrong length, or no deflate stream.
    throw new ImportRefusal('damaged', null, { cause: thrown });
  } finally {
    await target.close();
  }
}

/** Judges a file by its first bytes, as soon as they are there. */
class HeadCheck {
  readonly #size: number;
  #head: Buffer | null = Buffer.alloc(0);

  constructor(size: number) {
    this.#size = size;
  }

  /** @throws ImportRefusal */
  add(chunk: Buffer): void {
    if (!this.#head) return;
    this.#head = Buffer.concat([this.#head, chunk.subarray(0, SNIFFED_BYTES)]);
    if (this.#head.length >= SNIFFED_BYTES) this.end();
  }

  /** All bytes were there. @throws ImportRefusal */
  end(): void {
    if (!this.#head) return;
    requireImportable(formatOfHead(this.#head));
    if (this.#size > MAX_IMPORT_BYTES) throw new ImportRefusal('too-large');
    this.#head = null;
  }
}

/** zlib's errors have codes too. */
const isSystemError = (thrown: unknown): boolean => /^E[A-Z]+$/u.test(errorCode(thrown));

import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { toDiskError } from '../db/disk-errors.ts';
import type { ReceivedFile } from '../files/originals.ts';

/** A file being uploaded. */
export interface InputUpload {
  /** Null: no bytes. */
  body: AsyncIterable<Uint8Array> | null;
  /** For display. */
  name: string;
  /** Largest accepted size in bytes. */
  limit: number;
  /** Content length, if the sender gave one. */
  declared: number | null;
}

/**
 * Writes a file while it arrives, and hashes it.
 * @throws StudioError `input-invalid` (with field `size` if too large), `connection-lost`, `disk-full`, `disk-unwritable`
 */
export async function writeUpload(path: string, upload: InputUpload, folder: string): Promise<ReceivedFile> {
  const { body, name, limit, declared } = upload;
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600).catch((thrown: unknown) => {
    throw toDiskError(thrown, { folder, detail: 'The image wasn’t added.' });
  });
  try {
    const refused = declared !== null && declared > limit;
    for await (const piece of readPieces(body)) {
      bytes += piece.length;
      // Excess bytes are read and dropped, up to a limit: a client that is still sending wouldn't read the response.
      if (bytes > 2 * limit) break;
      if (refused || bytes > limit) continue;
      hash.update(piece);
      await file.write(piece).catch((thrown: unknown) => {
        throw toDiskError(thrown, { folder, detail: 'The image wasn’t added.' });
      });
    }
  } finally {
    await file.close();
  }
  if (bytes > limit || (declared ?? 0) > limit) throw tooLarge(name, limit);
  if (bytes === 0) throw new StudioError({ code: 'input-invalid', message: `${name} is empty. Nothing was added.` });
  if (declared !== null && bytes !== declared) throw uploadInterrupted();
  return { path, bytes, sha256: hash.digest('hex') as Sha256 };
}

async function* readPieces(body: AsyncIterable<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  if (!body) return;
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await pieces.next().catch((thrown: unknown) => {
        throw uploadInterrupted(thrown);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await pieces.return?.().catch(() => undefined);
  }
}

function uploadInterrupted(cause?: unknown): StudioError {
  const message = 'The upload was interrupted. Nothing was added. Add the image again.';
  return new StudioError({ code: 'connection-lost', message }, cause === undefined ? {} : { cause });
}

function tooLarge(name: string, limit: number): StudioError {
  const message = `${name} is larger than ${Math.floor(limit / 1024 / 1024)} MB. Reduce its size in another program first. Nothing was added.`;
  return new StudioError({ code: 'input-invalid', message, field: 'size' });
}

import sharp, { type Sharp } from 'sharp';
import type { InputImage } from '../../electron/contract/entities/inputs.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import type { Library } from '../../electron/library/library.ts';
import { addInput } from '../../electron/library/inputs/add-input.ts';

const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;

/** An image of noise, which compresses badly. */
export const noiseImage = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: '#456', noise } });

export async function* inChunks(bytes: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Adds a file as a person does. */
export async function addFile(library: Library, bytes: Uint8Array, name = 'file'): Promise<InputImage> {
  return addInput(library, { body: inChunks(bytes), name, limit: 256 * 1024 * 1024, declared: bytes.length });
}

/** The pixels stored in an input's file, unrotated, four bytes each. */
export async function storedPixels(
  { folder }: Library,
  { sha256, format }: InputImage,
): Promise<{ data: Buffer; width: number; height: number; channels: number }> {
  const file = sharp(originalPath(folder, sha256, format));
  const { channels } = await file.metadata();
  const { data, info } = await file.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height, channels };
}

/** An image from rows of letters; each letter is one RGBA pixel. */
export async function letterImage(
  rows: readonly string[],
  colours: Readonly<Record<string, readonly number[]>>,
): Promise<Buffer> {
  const width = rows[0]?.length ?? 0;
  const data = Buffer.from(
    rows.flatMap((row) => Array.from(row).flatMap((letter) => Array.from(colours[letter] ?? []))),
  );
  return sharp(data, { raw: { width, height: rows.length, channels: 4 } })
    .png()
    .toBuffer();
}

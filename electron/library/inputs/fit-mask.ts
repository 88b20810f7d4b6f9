import { writeFile, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
import type { Sha256 } from '../../contract/entities/ids.ts';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { encodeMask, MASK_BYTE_LIMIT } from '../../contract/rules/mask-png.ts';
import { isMarked } from '../../contract/rules/mask-rules.ts';
import type { MaskFitting } from '../../contract/entities/input-preparation.ts';
import { openPixels } from '../pixels/colour/file-colour.ts';
import { formatBytes, saveMessage, scaleMessage, rotationMessage, type Size } from '../pixels/change-messages.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { readChanges, readDetails, requireInput, type InputFileRow } from './input-files.ts';
import { MAX_INPUT_PIXELS } from '../../contract/rules/pixel-limits.ts';
import { FIT_MASK, type FitMaskArgs } from './operations.ts';
import { toInputError } from './refusal.ts';
import { storeInput, stagingPath } from './add-input.ts';

/** Yield to the event loop after this many pixels. */
const PIXELS_PER_TURN = 250_000;

/**
 * Makes a mask from any image: the first image's size, nearest-neighbour scaled; white and fully transparent where to edit,
 * black and opaque where to keep, so that servers that read transparency and servers that read lightness agree.
 * @throws StudioError `not-found`, `file-missing`, `input-invalid`, `disk-full`, `disk-unwritable`
 */
export async function fitMask(library: Library, options: MaskFitting): Promise<InputImage> {
  const source = requireInput(library, options.sha256);
  const first = requireInput(library, options.first);
  const path = stagingPath(library);
  try {
    const from = originalPath(library.folder, source.sha256, source.format);
    const args = { source, first, reads: options.reads, from, to: path };
    const { changes, ...file } = await library.decoding.run(FIT_MASK, args);
    const origin = { name: source.name, image: source.image_id, changes };
    return await storeInput(library, { path, ...file }, origin);
  } catch (thrown) {
    const explained = toInputError(thrown, 'The mask wasn’t changed.');
    throw toDiskError(explained, { folder: library.folder, detail: 'The mask wasn’t changed.' });
  } finally {
    await rm(path, { force: true });
  }
}

/** The part of {@link fitMask} that opens files; see `FIT_MASK`. */
export async function fitMaskPixels({
  source,
  first,
  reads,
  from,
  to,
}: FitMaskArgs): Promise<{ bytes: number; sha256: Sha256; changes: string[] }> {
  const kept = await readMask(from, first, reads);
  const data = await encodeMask(kept.pixels, first, MASK_BYTE_LIMIT);
  if (!data) throw new StudioError({ code: 'input-invalid', message: TOO_FINE });
  await writeFile(to, data, { flag: 'wx' });
  const changes = [
    ...readChanges(source),
    ...listChanges(source, first, reads, kept.edited),
    saveMessage('png', data.length, source.bytes),
  ];
  return { bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') as Sha256, changes };
}

const TOO_FINE = `This mask has too much detail: its file would be larger than ${formatBytes(MASK_BYTE_LIMIT)}. Use a simpler one.`;

/** One byte per pixel of the first image: 255 to keep, 0 to edit; and the number of pixels to edit. */
async function readMask(
  path: string,
  { width, height }: Size,
  reads: MaskFitting['reads'],
): Promise<{ pixels: Buffer; edited: number }> {
  const opened = await openPixels(path, MAX_INPUT_PIXELS);
  const { data, info } = await opened.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const pixels = Buffer.alloc(width * height, 255);
  const columns = Uint32Array.from({ length: width }, (_none, x) => nearest(x, width, info.width) * info.channels);
  let edited = 0;
  let since = 0;
  for (let y = 0; y < height; y += 1) {
    const row = nearest(y, height, info.height) * info.width * info.channels;
    for (let x = 0; x < width; x += 1) {
      if (!isMarked(data, row + (columns[x] ?? 0), reads)) continue;
      pixels[y * width + x] = 0;
      edited += 1;
    }
    since += width;
    if (since < PIXELS_PER_TURN) continue;
    since = 0;
    await yieldToEventLoop();
  }
  return { pixels, edited };
}

/** The nearest source pixel, on an axis scaled from `from` to `to` pixels. */
function nearest(at: number, to: number, from: number): number {
  return Math.min(from - 1, Math.floor(((at + 0.5) * from) / to));
}

const READ_MESSAGES: Readonly<Record<MaskFitting['reads'], string>> = {
  transparency: 'Edits transparent areas.',
  white: 'Edits white areas.',
  black: 'Edits black areas.',
};

function listChanges(source: InputFileRow, first: InputFileRow, reads: MaskFitting['reads'], edited: number): string[] {
  const stretched =
    Math.abs(source.width * first.height - source.height * first.width) > Math.max(first.width, first.height);
  const partial = readDetails(source)?.mask.partial ?? 0;
  const changes = [
    rotationMessage(source.orientation),
    READ_MESSAGES[reads],
    reads === 'transparency' && partial > 0
      ? `Made ${partial.toLocaleString('en-US')} half-transparent pixels hard.`
      : null,
    scaleMessage(source, first),
    stretched ? 'Stretched to the first image’s aspect ratio.' : null,
    edited === 0 ? 'The mask is empty: nothing would be edited.' : null,
    edited === first.width * first.height ? 'The mask covers everything: the whole image would be edited.' : null,
  ];
  return changes.filter((change) => change !== null);
}

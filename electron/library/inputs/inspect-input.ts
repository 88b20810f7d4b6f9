import { StudioError } from '../../contract/errors/errors.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { MAX_FRAMES, countFrames } from '../pixels/count-frames.ts';
import { renderThumbnails, readHeader, type ThumbnailSet } from '../pixels/decode.ts';
import { sniffFormat } from '../files/format.ts';
import { refusal } from './refusal.ts';
import { nameUnsupported, nameVariant, type UnsupportedFormat } from './unsupported-formats.ts';
import { readInputDetails } from '../pixels/input-details.ts';
import { MAX_INPUT_PIXELS } from '../../contract/rules/pixel-limits.ts';
import type { InputDetails } from '../../contract/entities/inputs.ts';

/** Formats that can be sent. */
type InputFormat = 'png' | 'jpeg' | 'webp' | 'gif';

const isInputFormat = (format: FileFormat): format is InputFormat => ['png', 'jpeg', 'webp', 'gif'].includes(format);

/** What one complete decode of a file shows. */
export interface InputInspection extends ThumbnailSet {
  format: InputFormat;
  /** As displayed. */
  width: number;
  height: number;
  /** 1 to 8. */
  orientation: number;
  frames: number;
  details: InputDetails;
}

/**
 * Inspects a file of any kind: its format by its first bytes, regardless of its name, and whether it can be decoded completely.
 * @throws StudioError `input-invalid` with a sentence for the person who chose the file
 */
export async function inspectInput(path: string): Promise<InputInspection> {
  const format = await sniffFormat(path);
  if (!isInputFormat(format)) throw refusal(await unsupportedMessage(path, format));
  const variant = format === 'png' || format === 'jpeg' ? await nameVariant(path, format) : null;
  if (variant) throw refusal(sentenceOf(variant));
  if ((await countFrames(path, format)) > MAX_FRAMES)
    throw refusal(`This animation has more than ${MAX_FRAMES.toLocaleString('en')} frames. Shorten it first.`);
  const header = await readHeader(path).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  const { width, height } = header;
  if (width * height > MAX_INPUT_PIXELS) {
    const max = MAX_INPUT_PIXELS / 1_000_000;
    throw refusal(`This image is ${width} × ${height}; the limit is ${max} million pixels. Scale it down first.`);
  }
  try {
    const thumbnails = await renderThumbnails(path, format, MAX_INPUT_PIXELS);
    if (thumbnails) {
      const details = await readInputDetails(path, format, MAX_INPUT_PIXELS);
      const { clear, partial } = details.mask;
      return { format, ...header, ...thumbnails, hasAlpha: thumbnails.hasAlpha || clear + partial > 0, details };
    }
  } catch (thrown) {
    if (thrown instanceof StudioError && thrown.code === 'image-undecodable') throw unreadable(thrown.cause);
    throw thrown;
  }
  throw unreadable(undefined);
}

function unreadable(cause: unknown): StudioError {
  return refusal('This image is damaged or incomplete.', cause);
}

async function unsupportedMessage(path: string, format: FileFormat): Promise<string> {
  if (format === 'svg') return `SVG can’t be sent as an image. Save it as PNG first.`;
  const known = await nameUnsupported(path);
  return known === null ? 'Not a supported image. PNG, JPEG, WebP and GIF are supported.' : sentenceOf(known);
}

function sentenceOf({ name, advice }: UnsupportedFormat): string {
  return `This is ${name}. ${advice}`;
}

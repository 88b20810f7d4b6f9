import { open } from 'node:fs/promises';
import { StudioError } from '../../contract/errors/errors.ts';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import { MAX_FRAMES, countFrames } from '../pixels/count-frames.ts';
import { renderThumbnails, readHeader, type ThumbnailSet } from '../pixels/decode.ts';
import { sniffFormat } from '../files/format.ts';
import { refusal } from './refusal.ts';
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

const SUPPORTED = 'PNG, JPEG, WebP and GIF are supported.';

async function unsupportedMessage(path: string, format: FileFormat): Promise<string> {
  if (format === 'svg') return `SVG can’t be sent as an image. Save it as PNG first.`;
  const name = unsupportedFormatName(await readHead(path));
  return name === null
    ? `Not a supported image. ${SUPPORTED}`
    : `This is ${name}. ${SUPPORTED} Save it as one of these first.`;
}

async function readHead(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(32), 0, 32, 0);
    return buffer.subarray(0, bytesRead).toString('latin1');
  } finally {
    await file.close();
  }
}

/** Common unsupported formats, by their first bytes. */
const UNSUPPORTED_FORMATS: readonly (readonly [RegExp, string])[] = [
  [/^(?:II\*\0|MM\0\*)/u, 'a TIFF'],
  [/^.{4}ftypavi/su, 'an AVIF'],
  [/^.{4}ftyp(?:hei|hev|mif1|msf1)/su, 'a HEIC'],
  [/^.{4}ftyp/su, 'a video'],
  [/^BM/u, 'a BMP'],
  [/^%PDF-/u, 'a PDF'],
  [/^8BPS/u, 'a Photoshop file'],
  [/^(?:\xff\x0a|\0\0\0\x0cJXL )/u, 'a JPEG XL'],
  [/^\0\0\0\x0cjP {2}/u, 'a JPEG 2000'],
  [/^PK\x03\x04/u, 'an archive'],
];

function unsupportedFormatName(head: string): string | null {
  return UNSUPPORTED_FORMATS.find(([pattern]) => pattern.test(head))?.[1] ?? null;
}

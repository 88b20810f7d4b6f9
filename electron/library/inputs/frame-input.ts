import { rm } from 'node:fs/promises';
import type { InputImage } from '../../contract/entities/inputs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import type { Framing } from '../../contract/entities/input-preparation.ts';
import { openOwnPixels, readOwnSpace, writeOwnPng, type OwnSpace } from '../pixels/colour/own-pixels.ts';
import { readColour } from '../pixels/colour/file-colour.ts';
import { saveMessage, scaleMessage, formatSize, rotationMessage, type Size } from '../pixels/change-messages.ts';
import { toDiskError } from '../db/disk-errors.ts';
import { originalPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { readChanges, rowToInputImage, requireInput, type InputFileRow } from './input-files.ts';
import { MAX_INPUT_PIXELS } from '../../contract/rules/pixel-limits.ts';
import { colourChanges, hasMetadata } from '../pixels/metadata-changes.ts';
import { FRAME_INPUT, type FrameArgs } from './operations.ts';
import { toInputError } from './refusal.ts';
import { storeInput, stagingPath } from './add-input.ts';
import { hashWrittenFile } from '../pixels/write-pixels.ts';

const CLEAR = { r: 0, g: 0, b: 0, alpha: 0 } as const;

/** Distances between the edges of the image and those of its frame, in pixels; negative where the frame crops the image. */
interface Margins {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Crops or extends an image, upright, to a frame and stores the result as a PNG with a list of `changes`. Outside the image it
 * is transparent; without scaling, pixels inside are the image's own. If the frame changes nothing, the source itself is
 * returned.
 * @throws StudioError `not-found`, `file-missing`, `input-invalid` for a frame that misses the image or is too large,
 *   `disk-full`, `disk-unwritable`
 */
export async function frameInput(library: Library, framing: Framing): Promise<InputImage> {
  const source = requireInput(library, framing.sha256);
  const margins = marginsOf(source, framing);
  checkFrame(source, framing, margins);
  if (isReady(source, framing, margins)) return rowToInputImage(source);
  const from = originalPath(library.folder, source.sha256, source.format);
  const [framed, scaled] = [stagingPath(library), stagingPath(library)];
  try {
    const changes = await library.decoding.run(FRAME_INPUT, { source, framing, from, framed, scaled });
    const file = await hashWrittenFile(framing.to ? scaled : framed);
    changes.push(saveMessage('png', file.bytes, source.bytes));
    return await storeInput(library, file, { name: source.name, image: source.image_id, changes });
  } catch (thrown) {
    const explained = toInputError(thrown, 'It wasn’t changed.');
    throw toDiskError(explained, { folder: library.folder, detail: 'The image wasn’t changed.' });
  } finally {
    await Promise.all([rm(framed, { force: true }), rm(scaled, { force: true })]);
  }
}

/** The part of {@link frameInput} that opens files; see `FRAME_INPUT`. */
export async function framePixels({ source, framing, from, framed, scaled }: FrameArgs): Promise<string[]> {
  const margins = marginsOf(source, framing);
  const space = await readOwnSpace(from);
  await writeFramed(from, space, source, margins, framed);
  if (framing.to) await writeScaled(framed, space, framing.to, scaled);
  return listChanges(from, source, framing, margins);
}

function marginsOf(image: Size, { left, top, width, height }: Framing): Margins {
  return { left: -left, top: -top, right: left + width - image.width, bottom: top + height - image.height };
}

function checkFrame(image: Size, { width, height, to }: Framing, { left, top, right, bottom }: Margins): void {
  const touches = left < width && top < height && right < width && bottom < height;
  if (!touches) {
    const message = `The frame doesn’t overlap the image, which is ${formatSize(image)}. Move it over the image. Nothing was changed.`;
    throw new StudioError({ code: 'input-invalid', message });
  }
  for (const size of [{ width, height }, ...(to ? [to] : [])]) {
    if (size.width * size.height <= MAX_INPUT_PIXELS) continue;
    const max = MAX_INPUT_PIXELS / 1_000_000;
    const message = `The frame is ${formatSize(size)}; images can have up to ${max} million pixels. Make the frame smaller. Nothing was changed.`;
    throw new StudioError({ code: 'input-invalid', message });
  }
}

function isReady(source: InputFileRow, { width, height, to }: Framing, margins: Margins): boolean {
  const still = source.orientation === 1 && source.frames === 1 && source.format === 'png';
  const whole = Object.values(margins).every((margin) => margin === 0);
  return still && whole && (to === undefined || (to.width === width && to.height === height));
}

/** Upright, in the image's own colour space and depth, cropped and extended to the frame. */
async function writeFramed(
  path: string,
  space: OwnSpace,
  { width, height }: Size,
  margins: Margins,
  target: string,
): Promise<void> {
  const cut = mapMargins(margins, (margin) => Math.max(0, -margin));
  const inside = {
    left: cut.left,
    top: cut.top,
    width: width - cut.left - cut.right,
    height: height - cut.top - cut.bottom,
  };
  const pixels = (await openOwnPixels(path, space, MAX_INPUT_PIXELS)).extract(inside);
  const beyond = mapMargins(margins, (margin) => Math.max(0, margin));
  const reaches = Object.values(beyond).some((margin) => margin > 0);
  await writeOwnPng(reaches ? pixels.extend({ ...beyond, background: CLEAR }) : pixels, space, target);
}

/** A second pass: a scaled image and its margins would not meet at whole pixels. */
async function writeScaled(framed: string, space: OwnSpace, { width, height }: Size, target: string): Promise<void> {
  const pixels = await openOwnPixels(framed, { ...space, kept: true }, MAX_INPUT_PIXELS);
  await writeOwnPng(pixels.resize(width, height, { fit: 'fill' }), space, target);
}

function mapMargins({ left, top, right, bottom }: Margins, map: (margin: number) => number): Margins {
  return { left: map(left), top: map(top), right: map(right), bottom: map(bottom) };
}

async function listChanges(path: string, source: InputFileRow, framing: Framing, margins: Margins): Promise<string[]> {
  const { kept } = await readOwnSpace(path);
  const changes = [
    ...readChanges(source),
    ...(kept ? [] : colourChanges(await readColour(path))),
    rotationMessage(source.orientation),
    source.frames > 1 ? `Used the first of ${source.frames} frames.` : null,
    frameMessage(source, framing, margins),
    framing.to ? scaleMessage(framing, framing.to) : null,
    (await hasMetadata(path)) ? 'Removed metadata.' : null,
  ];
  return changes.filter((change) => change !== null);
}

/** What the frame did, as a sentence; null if nothing. */
function frameMessage(image: Size, frame: Framing, margins: Margins): string | null {
  const cuts = Object.values(margins).some((margin) => margin < 0);
  const reaches = Object.values(margins).some((margin) => margin > 0);
  if (!cuts && !reaches) return null;
  const sizes = `from ${formatSize(image)} to ${formatSize(frame)}`;
  if (!reaches) return `Cropped ${sizes}.`;
  return `${cuts ? 'Cropped and extended' : 'Extended'} ${sizes}; the new area is transparent.`;
}

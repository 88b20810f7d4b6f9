import { readFile } from 'node:fs/promises';
import type { ImageId } from '../../contract/entities/ids.ts';
import { VISIBLE_DIFFERENCE } from '../../contract/entities/strict-mask.ts';
import { fromRgb } from '../pixels/decode.ts';
import type { OwnPixels } from '../pixels/colour/own-pixels.ts';
import { writeDerived } from '../files/derived-files.ts';
import { measureRow, createRowBuffers } from '../pixels/edge-distance.ts';
import { errorCode } from '../../disk/error-code.ts';
import { heatMapPath } from '../files/folders.ts';
import type { Library } from '../files/library-handle.ts';
import { locateMaskedEdit, readMaskedPixels, type MaskedPixels, runMaskedEdit } from './masked-edit.ts';
import { DRAW_HEAT_MAP, type EditFiles } from './operations.ts';
import { differenceAt, forEachRow, measureDistances } from '../pixels/recomposite.ts';

/**
 * Where the original response differs from the first input, as WebP of the first input's size (or WebP's largest): the first
 * input dimmed and grey, changes coloured by their largest channel difference, the mask outlined. Rendered on first use and
 * cached as a derived file.
 * @throws StudioError like `locateMaskedEdit` and `readMaskedPixels`
 */
export function readHeatMap(library: Library, imageId: ImageId): Promise<Uint8Array> {
  return runMaskedEdit(async () => {
    const edit = locateMaskedEdit(library, imageId);
    const path = heatMapPath(library.folder, imageId);
    const known = await readFile(path).catch((thrown: unknown) => {
      if (errorCode(thrown) === 'ENOENT') return null;
      throw thrown;
    });
    if (known) return known;
    const data = await library.decoding.run(DRAW_HEAT_MAP, edit);
    // On a full disk it is still shown, and rendered again next time.
    await writeDerived(library.folder, path, data).catch(() => undefined);
    return data;
  });
}

/** The part of {@link readHeatMap} that opens files; see `DRAW_HEAT_MAP`. */
export async function drawHeatMap(files: EditFiles): Promise<Uint8Array> {
  return draw(await readMaskedPixels(files));
}

/** Violet over red to yellow, increasing in lightness, so the colours are distinguishable without hue. */
const RAMP = [
  [84, 2, 163],
  [156, 23, 158],
  [204, 71, 120],
  [237, 121, 83],
  [253, 180, 47],
  [240, 249, 33],
] as const;
/** WebP's longest edge, in pixels. */
const MAX_EDGE = 16_383;
/** Opacity of an invisible change; visible ones are nearly opaque. */
const FAINT = 0.5;
const OUTLINE = 236;

/** Red, green, blue and opacity by difference, 0 to 255. Small differences are spread further apart. */
const HEAT = Array.from({ length: 256 }, (_none, difference): readonly [number, number, number, number] => {
  if (difference === 0) return [0, 0, 0, 0];
  const place = Math.sqrt(difference / 255) * (RAMP.length - 1);
  const low = RAMP[Math.floor(place)] ?? RAMP[0];
  const high = RAMP[Math.ceil(place)] ?? low;
  const mix = (channel: 0 | 1 | 2): number => low[channel] + (high[channel] - low[channel]) * (place % 1);
  return [mix(0), mix(1), mix(2), difference > VISIBLE_DIFFERENCE ? 0.9 : FAINT];
});

async function draw({ first, answer, edited }: MaskedPixels): Promise<Uint8Array> {
  const { width, height, data } = first;
  const line = Math.max(1, Math.round(Math.max(width, height) / 1000));
  const columns = await measureDistances(edited, first, line);
  const buffers = createRowBuffers(width);
  const drawn = Buffer.alloc(width * height * 3);
  await forEachRow(first, (y) => {
    measureRow(columns, width, y, buffers);
    for (let x = 0; x < width; x += 1) {
      const at = y * width + x;
      const square = buffers.squares[x] ?? 0;
      if (square > 0 && square <= line * line) drawn.fill(OUTLINE, at * 3, at * 3 + 3);
      else paint(drawn, at * 3, dimmed(data, at * 4), HEAT[differenceAt(data, answer.data, at * 4)]);
    }
  });
  const fitting = { width: MAX_EDGE, height: MAX_EDGE, fit: 'inside', withoutEnlargement: true } as const;
  return fromRgb(drawn, first).resize(fitting).webp({ quality: 90, effort: 1 }).toBuffer();
}

/** A third of the luma (Rec. 601), above a black that is distinct from the stage. */
function dimmed(rgba: OwnPixels['data'], at: number): number {
  const max = rgba instanceof Uint16Array ? 65_535 : 255;
  const light = ((rgba[at] ?? 0) * 299 + (rgba[at + 1] ?? 0) * 587 + (rgba[at + 2] ?? 0) * 114) / (1000 * max);
  return 20 + (light * 85 * (rgba[at + 3] ?? 0)) / max;
}

function paint(drawn: Uint8Array, at: number, grey: number, heat: (typeof HEAT)[number] | undefined): void {
  const [red, green, blue, cover] = heat ?? [0, 0, 0, 0];
  drawn[at] = grey + (red - grey) * cover;
  drawn[at + 1] = grey + (green - grey) * cover;
  drawn[at + 2] = grey + (blue - grey) * cover;
}

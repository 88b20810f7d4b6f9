import sharp, { type Sharp } from 'sharp';
import type { Sha256 } from '../../electron/contract/entities/ids.ts';
import type { Image } from '../../electron/contract/entities/images.ts';
import type { InputImage } from '../../electron/contract/entities/inputs.ts';
import type { JobRequest } from '../../electron/contract/entities/requests.ts';
import type { EditParameters } from '../../electron/contract/catalogue/parameters.ts';
import { originalPath } from '../../electron/library/files/folders.ts';
import { saveImage } from '../../electron/library/images/save-image.ts';
import type { Library } from '../../electron/library/library.ts';
import { addFile } from './input-images.ts';
import { receiveFile, intentFor, PROFILE, recordRequest } from './test-library.ts';

/** An edit whose response is saved and whose strict mask hasn't been applied yet. */
export interface MaskedEditBytes {
  first: Buffer;
  mask?: Buffer | null;
  answer: Buffer;
  /** Null: no strict mask was requested. */
  feather?: number | null;
}

export async function maskedEdit(
  library: Library,
  { first, mask = null, answer, feather = 6 }: MaskedEditBytes,
): Promise<Image> {
  const image = await addFile(library, first);
  const masks = mask ? [await addFile(library, mask)] : [];
  const parameters: EditParameters = { model: 'gpt-image-2', prompt: 'Glaze the bottle', n: 1 };
  const input = (role: 'image' | 'mask', { sha256 }: InputImage) => ({ role, sha256, image: null });
  const request: JobRequest = {
    operation: 'edit',
    profileId: PROFILE,
    parameters,
    inputs: [input('image', image), ...masks.map((each) => input('mask', each))],
    strict: feather === null ? null : { feather },
  };
  const intent = intentFor('Glaze the bottle');
  const generations = intent.generations.map((generation) => ({ ...generation, parameters }));
  const generationId = recordRequest(library, { ...intent, request, generations });
  const file = await receiveFile(library, answer);
  return saveImage(library, { generationId, position: 0, file, revisedPrompt: null, at: Date.now() });
}

/** A mask as the canvas sends it: transparent white inside a rectangle, opaque black elsewhere. */
export async function rectangleMask(
  { width, height }: { width: number; height: number },
  inside: { left: number; top: number; width: number; height: number },
): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const edit =
        x >= inside.left && x < inside.left + inside.width && y >= inside.top && y < inside.top + inside.height;
      data.set(edit ? [255, 255, 255, 0] : [0, 0, 0, 255], (y * width + x) * 4);
    }
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
}

/** RGBA pixels as displayed: upright, in sRGB, 8 bits. */
export async function decodedPixels(image: Sharp): Promise<{ data: Buffer; width: number; height: number }> {
  const { data, info } = await image
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** The same for a masked result in the library. */
export async function recomposited(
  { folder }: Library,
  sha256: Sha256,
): Promise<{ data: Buffer; width: number; height: number }> {
  return decodedPixels(sharp(originalPath(folder, sha256, 'png')));
}

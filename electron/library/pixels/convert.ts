import type { Sharp } from 'sharp';
import type { FileFormat } from '../../contract/catalogue/file-formats.ts';
import type { Conversion } from '../../contract/entities/exports.ts';
import { convertedSize } from '../../contract/rules/converted-size.ts';
import type { Size } from './change-messages.ts';
import { openPixels } from './colour/file-colour.ts';
import { fromRaw, isRendererLimit, openSvg, ownedBuffer, rawOf, readDimensions, toDecodeError } from './decode.ts';
import { MAX_THUMBNAIL_PIXELS } from './limits.ts';

/** From here on, colours keep their full resolution in a JPEG. */
const FINE_QUALITY = 90;
/** Of AVIF: a higher effort takes four times as long and saves a few hundredths of the bytes. */
const EFFORT = 1;

interface Converted {
  data: Uint8Array;
  size: Size;
}

/**
 * An image in another format or size: upright, in sRGB and with its profile, 8 bits per channel, the first frame of an animation, without the
 * file's metadata. Null: it would cost too much.
 * @param xmp a packet for an AVIF; into the other formats it is inserted afterwards
 * @throws StudioError `image-undecodable`; anything else is a failure of this computer
 */
export async function convertPixels(
  path: string,
  format: FileFormat,
  conversion: Conversion,
  xmp: string | null = null,
): Promise<Converted | null> {
  try {
    const source = await openSized(path, format, conversion);
    if (!source) return null;
    // First all of it: an embedded profile that doesn't count would be applied where another one is attached.
    const raw = await rawOf(conversion.format === 'jpeg' ? source.flatten(conversion) : source);
    const { width, height } = raw.info;
    const pixels = fromRaw(raw).toColourspace('srgb').withIccProfile('srgb');
    const encoded = encode(xmp !== null && conversion.format === 'avif' ? pixels.withXmp(xmp) : pixels, conversion);
    return { data: ownedBuffer(await encoded.toBuffer()), size: { width, height } };
  } catch (thrown) {
    if (isRendererLimit(thrown, format)) return null;
    throw toDecodeError(thrown);
  }
}

async function openSized(path: string, format: FileFormat, conversion: Conversion): Promise<Sharp | null> {
  const own = await readDimensions(path, format);
  const size = convertedSize(own ?? { width: 0, height: 0 }, format, conversion);
  if (format === 'svg') return openSvg(path, () => Math.max(size.width, size.height));
  const source = await openPixels(path, MAX_THUMBNAIL_PIXELS);
  const isSame = !own || (own.width === size.width && own.height === size.height);
  return isSame ? source : source.resize(size.width, size.height, { fit: 'fill' });
}

function encode(pixels: Sharp, { format, quality }: Conversion): Sharp {
  switch (format) {
    case 'png':
      return pixels.png();
    case 'webp':
      return pixels.webp({ quality });
    case 'avif':
      return pixels.avif({ quality, effort: EFFORT });
    case 'jpeg':
      return pixels.jpeg({ quality, chromaSubsampling: quality >= FINE_QUALITY ? '4:4:4' : '4:2:0' });
  }
}

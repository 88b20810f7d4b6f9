import sharp, { type SharpOptions } from 'sharp';
import { MAX_DECODED_PIXELS } from '../../contract/rules/pixel-limits.ts';

/*
 * sharp reads some thirty formats and very large files by default; here it is limited to the Images API's formats, in size, and to one
 * thread per call. An SVG is passed as bytes, never as a path: with a path it could refer to files beside it. These settings apply to the
 * whole process, the demo server's worker included.
 */
sharp.block({ operation: ['VipsForeignLoad'] });
const SOURCES = [
  'PngFile',
  'JpegFile',
  'WebpFile',
  'NsgifFile',
  'PngBuffer',
  'JpegBuffer',
  'WebpBuffer',
  'NsgifBuffer',
  'SvgBuffer',
  // Not asked for, but sent by some servers.
  'HeifFile',
  'TiffFile',
];
sharp.unblock({ operation: SOURCES.map((source) => `VipsForeignLoad${source}`) });
sharp.concurrency(1);
// Every file is decoded once; open handles would keep Windows from moving it.
sharp.cache(false);

export const DECODING: SharpOptions = { limitInputPixels: MAX_DECODED_PIXELS, failOn: 'error' };
/** For reading the header only, so that the size is known even of images too large to decode. */
export const HEADER_ONLY: SharpOptions = { limitInputPixels: 2 ** 40, failOn: 'none' };

export { sharp };

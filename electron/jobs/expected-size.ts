import type { CreateParameters, OutputFormat, Parameters } from '../contract/catalogue/parameters.ts';
import type { JobRequest } from '../contract/entities/requests.ts';
import { parseSize } from '../contract/rules/size-rules.ts';

const MEGABYTE = 1_000_000;

/** More than an encoder makes of noise. GIF: for each frame. */
const BYTES_PER_PIXEL: Readonly<Record<Exclude<OutputFormat, 'svg'>, number>> = { png: 4, webp: 3, jpeg: 3, gif: 1.5 };
/** Of an image whose size the server chooses: the largest that `auto` gives. */
const AUTO_PIXELS = 1536 * 1024;
const DEFAULT_FRAMES = 9;
const SVG_BYTES = 4 * MEGABYTE;
/** The answer's documents, its rows, its sidecar and thumbnails. */
const RECORD_BYTES = MEGABYTE;

/**
 * How much of the library's disk one request may need, in bytes: its images, partial images and masked results, each as large as its
 * format makes it at worst.
 */
export function expectedBytes(request: JobRequest, parameters: Parameters): number {
  const { n, partial_images: partials } = parameters as Partial<CreateParameters>;
  const masked = request.operation === 'edit' && request.strict != null ? 2 : 1;
  const files = (n ?? 1) * masked + (partials ?? 0);
  return Math.ceil(files * imageBytes(parameters as Partial<CreateParameters>)) + RECORD_BYTES;
}

function imageBytes({ size, output_format: format, frame_count: frames }: Partial<CreateParameters>): number {
  if (format === 'svg') return SVG_BYTES;
  const known = size == null ? null : parseSize(size);
  const pixels = known ? known.width * known.height : AUTO_PIXELS;
  return pixels * BYTES_PER_PIXEL[format ?? 'png'] * (format === 'gif' ? (frames ?? DEFAULT_FRAMES) : 1);
}

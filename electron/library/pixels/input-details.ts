import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import type { InputDetails } from '../../contract/entities/inputs.ts';
import { inspectMask, type MaskFacts } from '../../contract/rules/mask-rules.ts';
import { openPixels, readColour, type FileColour } from './colour/file-colour.ts';
import { readCarried } from './metadata/read-carried.ts';
import { HEADER_ONLY, sharp } from './sharp-limits.ts';

/** Images up to this many pixels are looked at completely; the API's largest has 8.3 million. */
const MAX_EXACT_PIXELS = 9_000_000;
/** Longest edge of what is looked at of a larger one without transparency. */
const SAMPLE_EDGE = 1024;

/**
 * What a file is beyond format and size: see {@link InputDetails}. Decodes it.
 * @param maxPixels the file has at most this many pixels
 */
export async function readInputDetails(path: string, format: OutputFormat, maxPixels: number): Promise<InputDetails> {
  const colour = await readColour(path);
  return {
    depth: colour.depth,
    colour: colourKind(colour),
    mask: await readMaskFacts(path, format, maxPixels),
    carries: await readCarried(path, format),
  };
}

function colourKind({ space, from }: FileColour): InputDetails['colour'] {
  if (space === 'cmyk') return 'cmyk';
  if (from === null) return 'srgb';
  return from === 'built' ? 'chunks' : 'profile';
}

async function readMaskFacts(path: string, format: OutputFormat, maxPixels: number): Promise<MaskFacts> {
  const { width, height, hasAlpha } = await sharp(path, HEADER_ONLY).metadata();
  const isExact = hasAlpha || (format === 'png' && width * height <= MAX_EXACT_PIXELS);
  const opened = await openPixels(path, maxPixels);
  const size = { width: SAMPLE_EDGE, height: SAMPLE_EDGE, fit: 'inside', withoutEnlargement: true } as const;
  const sampled = isExact ? opened : opened.resize(size);
  const { data } = await sampled.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return inspectMask(data);
}

import { open, type FileHandle } from 'node:fs/promises';
import type { OutputFormat } from '../../../contract/catalogue/parameters.ts';
import { CARRIED_KINDS, type CarriedKind } from '../../../contract/entities/inputs.ts';
import { readExif } from './exif.ts';
import { mapMetadata } from './map-metadata.ts';
import { readAt, type MetadataBlock } from './metadata-block.ts';
import { readPngText } from './png-text.ts';
import { isRawExif, rawProfile } from './raw-profile.ts';

/** Bytes of one block that are looked at. */
const MAX_BLOCK = 1_000_000;
const MAX_BLOCKS = 200;

/** What would leave with a file besides its pixels; [] if nothing would. Formats other than PNG, JPEG and WebP are converted first. */
export async function readCarried(path: string, format: OutputFormat): Promise<CarriedKind[]> {
  const file = await open(path, 'r');
  try {
    const map = await mapMetadata(file, format);
    const found = new Set<CarriedKind>();
    for (const block of map?.blocks.slice(0, MAX_BLOCKS) ?? [])
      for (const kind of await kindsOf(file, block)) found.add(kind);
    return CARRIED_KINDS.filter((kind) => found.has(kind));
  } finally {
    await file.close();
  }
}

async function kindsOf(file: FileHandle, block: MetadataBlock): Promise<CarriedKind[]> {
  const content = await readAt(file, block.content, Math.min(block.contentEnd - block.content, MAX_BLOCK));
  switch (block.kind) {
    case 'exif':
      return exifKinds(content);
    case 'xmp':
      return textKinds(content.toString('utf8'));
    case 'iptc':
      return hasPlace(content) ? ['location'] : ['other'];
    case 'text':
      return pngTextKinds(content, block.type ?? null);
    case 'other':
      return block.type === 'tIME' ? [] : ['other'];
  }
}

function exifKinds(exif: Buffer): CarriedKind[] {
  const { hasLocation, hasMore, text } = readExif(exif);
  const fromText = PROMPT.test(text) ? (['prompt'] as const) : [];
  return [...(hasLocation ? (['location'] as const) : []), ...fromText, ...(hasMore ? (['other'] as const) : [])];
}

/** How Automatic1111, ComfyUI, InvokeAI, NovelAI, Midjourney and their kin write down what they made an image from. */
const PROMPT =
  /"?(?:negative[_ ]?)?prompt"?\s*:|"class_type"|\bsteps:\s*\d+,|\bsampler(?:_name)?"?\s*:|\bcfg[_ ]?scale"?\s*:|\bworkflow"?\s*:|\bjob id:|\s--(?:ar|v|stylize) \d/iu;
const PROMPT_KEYWORDS =
  /^(?:parameters|(?:negative_?)?prompt|workflow|dream|sd-metadata|generation_data|generate_info|invokeai.*)$/iu;
const PLACE =
  /GPS(?:Latitude|Longitude)|photoshop:(?:City|State|Country)|Iptc4xmp(?:Core|Ext):(?:Location|City|Sublocation)/u;

function textKinds(text: string): CarriedKind[] {
  const kinds: CarriedKind[] = [];
  if (PLACE.test(text)) kinds.push('location');
  if (PROMPT.test(text)) kinds.push('prompt');
  return kinds.length > 0 ? kinds : ['other'];
}

/** A PNG's tEXt, zTXt or iTXt chunk (PNG Third Edition, 11.3.3), or a JPEG's comment where `type` is null. */
function pngTextKinds(content: Buffer, type: string | null): CarriedKind[] {
  if (type === null) return textKinds(content.toString('utf8'));
  const keyword = content.toString('latin1', 0, Math.max(content.indexOf(0), 0));
  if (PROMPT_KEYWORDS.test(keyword)) return ['prompt'];
  // Damaged or larger than looked at: it counts as other metadata.
  const text = readPngText(content, type, MAX_BLOCK)?.text ?? '';
  return isRawExif(keyword) ? exifKinds(rawProfile(text)) : textKinds(text);
}

/** IPTC's datasets 2:90 to 2:101: city, sublocation, state, country (IIM 4.2). */
function hasPlace(content: Buffer): boolean {
  const datasets = content.toString('latin1').matchAll(/\x1c\x02([\s\S])/gu);
  return [...datasets].some(([, number = '']) => ['\x5a', '\x5c', '\x5f', '\x64', '\x65'].includes(number));
}

import { fileFormatFacts } from '../../electron/contract/catalogue/file-formats.ts';
import { isDamage, type ImageFlaw } from '../../electron/contract/entities/image-flaws.ts';
import type { Image } from '../../electron/contract/entities/images.ts';

type Flawed = Pick<Image, 'format' | 'flaw'>;

/** The label over an image that isn't whole or has no thumbnail; null if there is nothing to say. */
export function flawLabel({ flaw }: Flawed): string | null {
  if (flaw === undefined || flaw === 'too-costly') return null;
  return isDamage(flaw) ? 'Damaged' : 'No preview';
}

/** What is wrong with an image, in sentences; null if nothing is. */
export function flawSentence({ format, flaw }: Flawed): string | null {
  return flaw === undefined ? null : SENTENCES[flaw](fileFormatFacts(format).label);
}

const KEPT = 'The file is kept exactly as received.';

const SENTENCES: Readonly<Record<ImageFlaw, (format: string) => string>> = {
  truncated: () => `This image is damaged: the end of its file is missing. ${KEPT}`,
  undecodable: (format) => `This image is damaged: it can’t be decoded as ${format}. ${KEPT}`,
  'not-an-image': (format) => `The server sent something that isn’t an image (${format.toLowerCase()}). ${KEPT}`,
  'too-large': () => `This image is too large to be shown here. ${KEPT}`,
  'too-costly': () => 'This image has no thumbnail: rendering it takes too long.',
  'decoder-failed': () => `This image has no preview: opening it failed twice. ${KEPT}`,
  'no-preview': (format) => `Stored as ${format}; Emulsion makes no preview of it.`,
};

/** Whether the page can show an image's own file without risk. */
export function isDisplayable({ format, flaw }: Flawed): boolean {
  const { shown } = fileFormatFacts(format);
  return shown === 'browser' && flaw !== 'too-large' && flaw !== 'decoder-failed';
}

const UNKNOWN_SHAPE = { width: 512, height: 512 };

/** An image's size, or a square where its file doesn't tell. */
export function shapeOf({ width, height }: Pick<Image, 'width' | 'height'>): { width: number; height: number } {
  return width > 0 && height > 0 ? { width, height } : UNKNOWN_SHAPE;
}

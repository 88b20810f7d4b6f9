import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Sha256 } from '../../../contract/entities/ids.ts';
import { MAX_IMPORT_BYTES } from '../../../contract/rules/import-limits.ts';
import { softwareLabel } from '../../../contract/rules/prompt-sources.ts';
import { isSigned } from '../../pixels/metadata/is-signed.ts';
import { readEmulsionMarks, type FoundMarks } from '../prompts/emulsion.ts';
import { textNamed, type FileTexts, type FoundPrompt } from '../prompts/found-prompt.ts';
import { readPrompt } from '../prompts/read-prompt.ts';
import { readTakenAt } from '../prompts/taken-at.ts';
import type { ZipReader } from '../zip/read-zip.ts';
import type { ImportOrigin } from './candidate.ts';
import { extractImage } from './extract-image.ts';
import { ImportRefusal, inspectImage, textsOf, type InspectedImage } from './inspect-image.ts';
import { onOwnDisk } from './on-own-disk.ts';

/** A copy of an image in the library's incoming folder, with what is known of it. */
export interface StagedImage extends Pick<InspectedImage, 'format' | 'bytes'> {
  sha256: Sha256;
  signed: boolean;
  found: FoundPrompt | null;
  /** What a person had added to it; null where its file can't say. */
  marks: FoundMarks | null;
  /** When its file says that it was made. */
  takenAt: number | null;
  /** The program that it was made with; '' if the file doesn't say. */
  software: string;
}

const PIECE = 1024 * 1024;

/**
 * Copies an image to a new file, and reads the copy: whatever happens to the original meanwhile, it and what is said about it are of the same bytes.
 * @param zip the ZIP that the image is in
 * @throws ImportRefusal; StudioError `disk-full`, `disk-unwritable`; the system's error while the original is read
 */
export async function stageImage(origin: ImportOrigin, zip: ZipReader | null, to: string): Promise<StagedImage> {
  const hash = createHash('sha256');
  const add = (chunk: Buffer): void => void hash.update(chunk);
  if (zip && origin.zip) await extractImage(zip, origin.zip, to, add);
  else await copyFile(origin.path, to, add);
  const { format, bytes } = await inspectImage(to);
  const { texts } = await textsOf(to, format);
  const found = readPrompt(texts);
  return {
    format,
    bytes,
    sha256: hash.digest('hex') as Sha256,
    signed: await isSigned(to, format),
    found,
    marks: readEmulsionMarks(texts),
    takenAt: readTakenAt(texts),
    software: found ? softwareLabel(found.source) : namedSoftware(texts),
  };
}

const MAX_SOFTWARE = 100;

function namedSoftware(texts: FileTexts): string {
  const named = textNamed(texts, 'Software', 'xmp:CreatorTool') ?? '';
  return named.slice(0, MAX_SOFTWARE).replaceAll(/\s+/gu, ' ').trim().toWellFormed();
}

async function copyFile(from: string, to: string, add: (chunk: Buffer) => void): Promise<void> {
  const source = await open(from, 'r');
  try {
    const target = await onOwnDisk(to, () => open(to, 'wx', 0o600));
    try {
      const buffer = Buffer.allocUnsafe(PIECE);
      for (let copied = 0; ;) {
        const { bytesRead } = await source.read(buffer, 0, PIECE);
        if (bytesRead === 0) return;
        copied += bytesRead;
        // It may be growing.
        if (copied > MAX_IMPORT_BYTES) throw new ImportRefusal('too-large');
        const piece = buffer.subarray(0, bytesRead);
        add(piece);
        await onOwnDisk(to, () => target.write(piece));
      }
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

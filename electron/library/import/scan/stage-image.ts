import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Sha256 } from '../../../contract/entities/ids.ts';
import { MAX_IMPORT_BYTES } from '../../../contract/rules/import-limits.ts';
import { softwareLabel } from '../../../contract/rules/prompt-sources.ts';
import { isSigned } from '../../pixels/metadata/is-signed.ts';
import { readCopiedOriginal, readEmulsionMarks, type FoundMarks } from '../prompts/emulsion.ts';
import { textNamed, type FileTexts, type FoundPrompt } from '../prompts/found-prompt.ts';
import { readPrompt } from '../prompts/read-prompt.ts';
import { readTakenAt } from '../prompts/taken-at.ts';
import { cleanSoftware, readRecord, type RecordedImage } from '../records/read-record.ts';
import type { ZipReader } from '../zip/read-zip.ts';
import type { ImportOrigin } from './candidate.ts';
import { extractImage } from './extract-image.ts';
import { ImportRefusal, inspectImage, type InspectedImage } from './inspect-image.ts';
import { readTexts } from '../../pixels/metadata/read-texts.ts';
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
  /** What Emulsion's record says of it; null without one. */
  recorded: Pick<RecordedImage, 'made' | 'fileName' | 'texts'> | null;
}

const PIECE = 1024 * 1024;

/**
 * Copies an image to a new file, and reads the copy: whatever happens to the original meanwhile, it and what is said about it are of the same bytes.
 * @param from the image; the ZIP that it is in; and the text of its record
 * @throws ImportRefusal; StudioError `disk-full`, `disk-unwritable`; the system's error while the original is read
 */
export async function stageImage(
  { origin, zip, record }: { origin: ImportOrigin; zip: ZipReader | null; record: string | null },
  to: string,
): Promise<StagedImage> {
  const hash = createHash('sha256');
  const add = (chunk: Buffer): void => void hash.update(chunk);
  if (zip && origin.zip) await extractImage(zip, origin.zip, to, add);
  else await copyFile(origin.path, to, add);
  const { format, bytes } = await inspectImage(to);
  const { texts } = await readTexts(to, format);
  const sha256 = hash.digest('hex') as Sha256;
  return {
    format,
    bytes,
    sha256,
    signed: await isSigned(to, format),
    takenAt: readTakenAt(texts, Date.now()),
    ...mergeRecord(texts, sha256, record),
  };
}

/** A file's own words, and what its record says where that is of these bytes, or of those that a copy names. */
function mergeRecord(
  texts: FileTexts,
  sha256: Sha256,
  text: string | null,
): Pick<StagedImage, 'found' | 'marks' | 'software' | 'recorded'> {
  const found = readPrompt(texts);
  const marks = readEmulsionMarks(texts);
  const software = found ? softwareLabel(found.source) : namedSoftware(texts);
  const images = text === null ? undefined : readRecord(text)?.images;
  const own = images?.get(sha256);
  // The library knew more of these bytes than they say themselves.
  if (own?.marks) return { found: own.found, marks: own.marks, software: own.software, recorded: own };
  const copied = own ?? images?.get(readCopiedOriginal(texts) ?? '');
  if (!copied) return { found, marks, software, recorded: null };
  // A copy may have been changed since by a program that knows no records.
  const negative = found?.negative ?? copied.found?.negative ?? null;
  return {
    found: found ? { ...found, negative } : copied.found,
    marks: marks ?? copied.marks,
    software: copied.software,
    recorded: copied,
  };
}

function namedSoftware(texts: FileTexts): string {
  return cleanSoftware(textNamed(texts, 'Software', 'xmp:CreatorTool') ?? '');
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

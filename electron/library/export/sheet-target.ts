import { DEFAULT_CONVERSION, type ExportProblem } from '../../contract/entities/exports.ts';
import type { ImageRecord } from '../../contract/entities/image-records.ts';
import type { ExportForm } from '../../contract/rules/converted-size.ts';
import { sheetPixels } from '../../contract/rules/sheet-layout.ts';
import type { ExportedFile } from './exported-file.ts';
import type { ExportTarget } from './export-images.ts';
import type { Caption, SheetDocument } from './sheet/sheet-document.ts';

const QUALITY = 85;

const REASONS: Readonly<Record<ExportProblem, string>> = {
  missing: 'its file is missing',
  damaged: 'its file is damaged',
  undecodable: 'it can’t be decoded',
  'too-large': 'it is too large to be decoded',
};

/** A contact sheet that images are exported to. */
export class SheetTarget implements ExportTarget {
  readonly path: string;
  readonly form: ExportForm;
  readonly #document: SheetDocument;

  constructor(path: string, document: SheetDocument) {
    this.path = path;
    this.#document = document;
    const size = sheetPixels(document.imageBox);
    this.form = {
      images: 'converted',
      conversion: { ...DEFAULT_CONVERSION, format: 'jpeg', quality: QUALITY, size: 'within', ...size, details: false },
    };
  }

  async add(file: ExportedFile, name: string): Promise<number> {
    const parts: Buffer[] = [];
    for await (const part of file.parts()) parts.push(Buffer.from(part));
    const jpeg = Buffer.concat(parts);
    await this.#document.addImage(jpeg, file.record, captionOf(file.record, name));
    return jpeg.length;
  }

  leaveOut(record: ImageRecord, name: string, problem: ExportProblem): Promise<void> {
    return this.#document.addFrame(REASONS[problem], captionOf(record, name));
  }
}

function captionOf({ prompt }: ImageRecord, name: string): Caption {
  return { name, prompt };
}

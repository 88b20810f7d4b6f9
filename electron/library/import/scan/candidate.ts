import type { FileFormat } from '../../../contract/catalogue/file-formats.ts';
import type { BroughtMark, PromptSource, RefusedFile } from '../../../contract/entities/imports.ts';
import type { Sha256 } from '../../../contract/entities/ids.ts';
import type { FoundPrompt } from '../prompts/found-prompt.ts';
import type { RecordPlace } from '../records/record-place.ts';
import type { ZipPlace } from '../zip/read-zip.ts';
import type { ImportDates } from './import-date.ts';

/** Where a file's bytes are: a file, or a part of a ZIP. */
export interface ImportOrigin {
  path: string;
  zip: ZipPlace | null;
}

/** An image file that can be imported. */
export interface Candidate {
  origin: ImportOrigin;
  /** Where it is within what was chosen, with slashes. */
  name: string;
  sha256: Sha256;
  bytes: number;
  format: FileFormat;
  /** What says when it was made: see `importDate`. */
  dates: ImportDates;
  /** The program that wrote down how it was made. */
  source: PromptSource | null;
  /** What a file beside it says about how it was made, where it doesn't say it itself. */
  beside: FoundPrompt | null;
  /** Emulsion's record of it, where its export has one. */
  record: RecordPlace | null;
  /** What a person had added to it. */
  marks: readonly BroughtMark[];
}

/** A file of what was chosen, as it is found; after an export's images, how many of its records aren't read as usual. */
export type Finding =
  | { kind: 'image'; candidate: Candidate }
  | { kind: 'refused'; refused: RefusedFile }
  | { kind: 'records'; ignored: number; newer: number };

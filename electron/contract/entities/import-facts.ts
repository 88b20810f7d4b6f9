import type { ImportId, Timestamp } from './ids.ts';

/** What came with an imported image, and where its facts are from. */
export interface ImportFacts {
  id: ImportId;
  /** Name of the file that it was imported from, without its folder. */
  fileName: string;
  importedAt: Timestamp;
  /** Where its date is from: the file's metadata, the file's own date, or, where neither was known, the import. */
  dated: ImportDate;
  /** The program that it was made with, as its file says; '' if it says nothing. */
  software: string;
  negativePrompt: string;
  /** What the file says about how it was made, under the names that it uses. */
  parameters: Record<string, unknown>;
  /** What came beside the file and isn't in it, as it was found. */
  texts: NamedText[];
}

export const IMPORT_DATES = ['metadata', 'file', 'import'] as const;
type ImportDate = (typeof IMPORT_DATES)[number];

/** Text of a file's metadata, under the name that it has there. */
interface NamedText {
  name: string;
  text: string;
}

import * as v from 'valibot';
import type { FileFormat } from '../catalogue/file-formats.ts';
import type { Timestamp } from './ids.ts';

/**
 * Why a file isn't imported. Of a ZIP the whole file can be meant: `zip-damaged`, `zip-too-many`. Of a folder: `folder-unreadable`, `too-deep`,
 * `own-library`. Of a file beside the images that says how they were made: `beside-too-large`, `beside-damaged`.
 */
export const IMPORT_PROBLEMS = [
  'empty',
  'truncated',
  'damaged',
  'not-an-image',
  'unsupported',
  'too-large',
  'too-many-pixels',
  'unreadable',
  'gone',
  'not-a-file',
  'link-outside',
  'link-broken',
  'folder-unreadable',
  'too-deep',
  'too-many-files',
  'own-library',
  'zip-damaged',
  'zip-too-many',
  'zip-encrypted',
  'zip-unsafe-name',
  'zip-method',
  'zip-bomb',
  'zip-in-zip',
  'beside-too-large',
  'beside-damaged',
] as const;
export type ImportProblem = (typeof IMPORT_PROBLEMS)[number];

/** The program that wrote down how an image was made. */
export type PromptSource =
  | 'emulsion'
  | 'automatic1111'
  | 'comfyui'
  | 'invokeai'
  | 'fooocus'
  | 'novelai'
  | 'draw-things'
  | 'chatgpt'
  | 'playground';

/** What a person chose to import: absolute paths on this computer, or files that the page has uploaded. */
export const ImportChoiceSchema = v.variant('kind', [
  v.strictObject({
    kind: v.literal('paths'),
    paths: v.pipe(v.array(v.pipe(v.string(), v.nonEmpty(), v.maxLength(4096))), v.minLength(1), v.maxLength(10_000)),
  }),
  v.strictObject({ kind: v.literal('uploads'), uploadId: v.pipe(v.string(), v.uuid()) }),
]);
export type ImportChoice = v.InferOutput<typeof ImportChoiceSchema>;

/** What a person had added to an image that Emulsion exported, and what its export brings back. */
export const BROUGHT_MARKS = ['ratings', 'rejects', 'favourites', 'tags', 'notes', 'collections'] as const;
export type BroughtMark = (typeof BROUGHT_MARKS)[number];

/** What an import would do, found without changing anything. */
export interface ImportReport {
  /** Images that would be added. */
  images: number;
  bytes: number;
  /** What is free on the library's disk, bytes; null where the system doesn't say. */
  free: number | null;
  /** The earliest and the latest of their dates; null for no images. */
  dates: { first: Timestamp; last: Timestamp } | null;
  formats: { format: FileFormat; count: number }[];
  /** How many have a prompt, by the program that wrote it. */
  prompts: { source: PromptSource; count: number }[];
  /** How many come with something that a person had added to them, and what that is. */
  brought: { images: number; marks: BroughtMark[] };
  /** Files that the library has already. */
  known: number;
  /** Those of them that come with something that a person had added: what they have in this library stays instead. */
  knownBrought: number;
  /** Records of an export. `ignored`: can't be read, or are of none of the images. `newer`: of a later version, kept as they are. */
  records: { ignored: number; newer: number };
  /** Files that were chosen more than once, with the same bytes. */
  repeated: number;
  refused: RefusedCount[];
}

/** How many files can't be imported for one reason. */
export interface RefusedCount {
  problem: ImportProblem;
  count: number;
}

/** A file or folder that can't be imported. `name`: where it is within what was chosen. */
export interface RefusedFile {
  name: string;
  problem: ImportProblem;
  format: FileFormat | null;
}

/** Refused files in the order in which they were found. `next`: where the following page begins; null after the last one. */
export interface RefusedPage {
  files: RefusedFile[];
  next: number | null;
}

/** What an import has done. */
export interface ImportResult {
  imported: number;
  /** Files that the library had already, or that were chosen twice. */
  known: number;
  refused: RefusedCount[];
}

/** What an image file says about itself, by the name of the chunk or field. `cut`: there is more, or there are longer texts. */
export interface FileTexts {
  texts: { name: string; text: string }[];
  cut: boolean;
}

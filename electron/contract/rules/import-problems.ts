import { fileFormatFacts, type FileFormat } from '../catalogue/file-formats.ts';
import type { ImportProblem } from '../entities/imports.ts';
import { MAX_BESIDE_BYTES, MAX_BESIDE_TOTAL_BYTES, MAX_IMPORT_BYTES, MAX_ZIP_ENTRIES } from './import-limits.ts';

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1024 / 1024)} MB`;

const TEXTS: Readonly<Record<ImportProblem, string>> = {
  empty: 'The file is empty.',
  truncated: 'The file ends too early. Copy or download it again.',
  damaged: 'The image is damaged and can’t be opened.',
  'not-an-image': 'The file isn’t an image.',
  unsupported: 'This format can’t be shown here. Save it as PNG, JPEG or WebP first.',
  'too-large': `The file is larger than ${megabytes(MAX_IMPORT_BYTES)}.`,
  'too-many-pixels': 'The image has more than 100 million pixels. Scale it down first.',
  unreadable: 'The file can’t be read. Check its permissions.',
  gone: 'The file is no longer there.',
  'not-a-file': 'This is a device or a connection, not a file.',
  'link-outside': 'A link that leads out of the chosen folder isn’t followed.',
  'link-broken': 'The link leads nowhere.',
  'folder-unreadable': 'The folder can’t be read. Check its permissions.',
  'too-deep': 'Folders are nested too deep here.',
  'too-many-files': 'Too many files were chosen at once. Import the rest separately.',
  'own-library': 'This folder belongs to the open library.',
  'zip-damaged': 'The ZIP file is damaged or incomplete. Download it again.',
  'zip-too-many': `The ZIP file has more than ${MAX_ZIP_ENTRIES.toLocaleString('en')} files. Unpack it, and import the folder.`,
  'zip-encrypted': 'The file in the ZIP is encrypted. Unpack it with its password first.',
  'zip-unsafe-name': 'The name in the ZIP leads to another folder, so the file isn’t imported.',
  'zip-method': 'The file in the ZIP is compressed in a way that can’t be read here. Unpack it first.',
  'zip-bomb': 'The file in the ZIP would become far larger than any image, so it isn’t unpacked.',
  'zip-in-zip': 'A ZIP inside a ZIP isn’t opened. Unpack the outer one first.',
  'beside-too-large': `This file has the prompts of images, but is larger than ${megabytes(MAX_BESIDE_BYTES)}, or than ${megabytes(MAX_BESIDE_TOTAL_BYTES)} with the others. Its images are imported without them.`,
  'beside-damaged':
    'This file has the prompts of images, but is damaged or incomplete. Its images are imported without them.',
};

/** Why a file isn't imported, and what helps, in a sentence or two. */
export function importProblemText(problem: ImportProblem, format: FileFormat | null = null): string {
  if (problem === 'unsupported' && format !== null)
    return `${fileFormatFacts(format).label} can’t be shown here. Save it as PNG, JPEG or WebP first.`;
  return TEXTS[problem];
}

/**
 * Why a file isn't imported. Of a ZIP the whole file can be meant: `zip-damaged`, `zip-too-many`. Of a folder: `folder-unreadable`, `too-deep`,
 * `own-library`.
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
] as const;
export type ImportProblem = (typeof IMPORT_PROBLEMS)[number];

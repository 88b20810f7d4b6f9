import { fileFormatFacts } from '../../electron/contract/catalogue/file-formats.ts';
import {
  CONVERTED_EDGE,
  type ExportOptions,
  type ExportPreview,
  type ExportProblem,
  type ExportResult,
  type Sheet,
} from '../../electron/contract/entities/exports.ts';
import type { RunOf } from '../../electron/contract/entities/runs.ts';
import { exportedForm, type ExportForm } from '../../electron/contract/rules/converted-size.ts';
import { nameByPattern, UniqueNames, type NameToken } from '../../electron/contract/rules/file-names.ts';
import { sheetPages } from '../../electron/contract/rules/sheet-layout.ts';
import { formatBytes } from '../shared/format/bytes.ts';
import { formatCount, formatQuantity } from '../shared/format/counts.ts';

/** What each part of a name is, as its button says it. */
export const TOKEN_LABELS: Record<NameToken, string> = {
  date: 'Date',
  time: 'Time',
  prompt: 'Prompt',
  model: 'Model',
  size: 'Size',
  quality: 'Quality',
  rating: 'Rating',
  counter: 'Counter',
  id: 'ID',
};

/** Names of the first images by a pattern, as an export gives them in an empty folder; below the images of a contact sheet they have no extension. */
export function exampleNames({ first }: ExportPreview, pattern: string, form: ExportForm, isSheet = false): string[] {
  const names = new UniqueNames();
  return first.map((image, index) => {
    const offset = new Date(image.createdAt).getTimezoneOffset();
    const { width, height, format } = isSheet ? image : exportedForm(image, form);
    const name = nameByPattern(pattern, { ...image, width, height }, { counter: index + 1, offset });
    return isSheet ? name : names.take(name, `.${fileFormatFacts(format).extension}`);
  });
}

/** What is said of signed images before they are exported otherwise than they are. */
export function signedText(signed: number | null, images: ExportOptions['images']): string {
  if (signed === null) return 'Looking for signed images…';
  if (signed === 0) return 'None of them is signed.';
  const [are, they] = signed === 1 ? ['is', 'it is'] : ['are', 'they are'];
  const what = `${formatCount(signed)} of them ${are} signed (Content Credentials).`;
  if (images === 'converted') return `${what} Converting breaks the signature, so converted files have none.`;
  return `${what} Details would break the signature, so ${they} exported unchanged.`;
}

/** "412 images on 21 pages". */
export function sheetText(images: number | null, sheet: Sheet): string {
  return images === null ? 'Counting pages…' : onPages(images, sheetPages(images, sheet));
}

const onPages = (images: number, pages: number): string =>
  `${formatQuantity(images, 'image')} on ${formatQuantity(pages, 'page')}`;

const LEFT: Record<ExportOptions['as'], string> = {
  files: 'Files exported until then are complete.',
  zip: 'No ZIP was written.',
  sheet: 'No contact sheet was written.',
};

/** How an export ended: "412 images exported". */
export function endText(run: RunOf<'export'>, as: ExportOptions['as']): string {
  if (run.result) {
    const { images, sheet } = run.result;
    if (!sheet) return `${formatQuantity(images, 'image')} exported`;
    return images > 0
      ? onPages(images + run.result.failed, sheet.pages)
      : 'No image can be shown. Nothing was written.';
  }
  const left = LEFT[as];
  return `${run.state === 'cancelled' ? 'Cancelled.' : 'Stopped.'} ${left}`;
}

/** What is to be known of an export's files, one sentence each. */
export function resultLines({ images, bytes, signed, unchanged, dropped, failed, sheet }: ExportResult): string[] {
  if (sheet) return images > 0 ? sheetLines(bytes, failed, sheet.undrawn) : [];
  const lines = [formatBytes(bytes)];
  if (signed > 0) lines.push(`${formatCount(signed)} signed, exported unchanged`);
  if (unchanged > 0) lines.push(`${formatCount(unchanged)} exported unchanged: their format has no place for details`);
  if (dropped > 0)
    lines.push(
      `${formatCount(dropped)} without details from another program, which are damaged or too large; the originals keep them`,
    );
  if (failed > 0) lines.push(`${formatCount(failed)} couldn’t be exported`);
  return lines;
}

function sheetLines(bytes: number, failed: number, undrawn: number): string[] {
  const lines = [formatBytes(bytes)];
  const [are, frames] = failed === 1 ? ['is', 'an empty frame'] : ['are', 'empty frames'];
  if (failed > 0) lines.push(`${formatCount(failed)} of them ${are} ${frames}`);
  if (undrawn > 0)
    lines.push(
      `In ${formatQuantity(undrawn, 'caption')}, boxes stand for characters that no font on this computer has`,
    );
  return lines;
}

/** Why an image wasn't exported. */
export function problemText(problem: ExportProblem, isSheet: boolean): string {
  return (isSheet ? SHEET_PROBLEM_TEXTS : PROBLEM_TEXTS)[problem];
}

const PROBLEM_TEXTS: Record<ExportProblem, string> = {
  missing: 'The file is missing from the library folder.',
  damaged: 'The file is damaged: its bytes aren’t those that were saved.',
  undecodable: 'It can’t be decoded, so it can’t be converted. Export its original instead.',
  'too-large': 'Converting it needs too much time or memory. Export its original instead.',
};

const SHEET_PROBLEM_TEXTS: Record<ExportProblem, string> = {
  ...PROBLEM_TEXTS,
  undecodable: 'It can’t be decoded.',
  'too-large': 'Decoding it needs too much time or memory.',
};

/** A typed limit in pixels; null if it can't be one. */
export function parseEdge(text: string): number | null {
  const digits = text.trim();
  const edge = /^\d{1,6}$/u.test(digits) ? Number(digits) : 0;
  return edge >= CONVERTED_EDGE.min && edge <= CONVERTED_EDGE.max ? edge : null;
}

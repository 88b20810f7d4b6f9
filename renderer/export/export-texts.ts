import { fileFormatFacts } from '../../electron/contract/catalogue/file-formats.ts';
import {
  CONVERTED_EDGE,
  type ExportOptions,
  type ExportPreview,
  type ExportProblem,
  type ExportResult,
} from '../../electron/contract/entities/exports.ts';
import type { RunOf } from '../../electron/contract/entities/runs.ts';
import { exportedForm, type ExportForm } from '../../electron/contract/rules/converted-size.ts';
import { nameByPattern, UniqueNames, type NameToken } from '../../electron/contract/rules/file-names.ts';
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

/** Names of the first files by a pattern, as an export gives them in an empty folder. */
export function exampleNames({ first }: ExportPreview, pattern: string, form: ExportForm): string[] {
  const names = new UniqueNames();
  return first.map((image, index) => {
    const offset = new Date(image.createdAt).getTimezoneOffset();
    const { width, height, format } = exportedForm(image, form);
    const name = nameByPattern(pattern, { ...image, width, height }, { counter: index + 1, offset });
    return names.take(name, `.${fileFormatFacts(format).extension}`);
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

/** How an export ended: "412 images exported". */
export function endText(run: RunOf<'export'>, as: ExportOptions['as']): string {
  if (run.result) return `${formatQuantity(run.result.images, 'image')} exported`;
  const left = as === 'zip' ? 'No ZIP was written.' : 'Files exported until then are complete.';
  return `${run.state === 'cancelled' ? 'Cancelled.' : 'Stopped.'} ${left}`;
}

/** What is to be known of an export's files, one sentence each. */
export function resultLines({ bytes, signed, unchanged, failed }: ExportResult): string[] {
  const lines = [formatBytes(bytes)];
  if (signed > 0) lines.push(`${formatCount(signed)} signed, exported unchanged`);
  if (unchanged > 0) lines.push(`${formatCount(unchanged)} exported unchanged: their format has no place for details`);
  if (failed > 0) lines.push(`${formatCount(failed)} couldn’t be exported`);
  return lines;
}

export const PROBLEM_TEXTS: Record<ExportProblem, string> = {
  missing: 'The file is missing from the library folder.',
  damaged: 'The file is damaged: its bytes aren’t those that were saved.',
  undecodable: 'It can’t be decoded, so it can’t be converted. Export its original instead.',
  'too-large': 'Converting it needs too much time or memory. Export its original instead.',
};

/** A typed limit in pixels; null if it can't be one. */
export function parseEdge(text: string): number | null {
  const digits = text.trim();
  const edge = /^\d{1,6}$/u.test(digits) ? Number(digits) : 0;
  return edge >= CONVERTED_EDGE.min && edge <= CONVERTED_EDGE.max ? edge : null;
}

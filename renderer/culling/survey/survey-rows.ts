import type { Generation } from '../../../electron/contract/entities/generations.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { changedLines, requestLines } from '../../state/request-lines.ts';

/** What an image's request says differently from others: its own values, by label. */
export type SurveyRow = readonly [label: string, value: string];

/** For each image the lines that aren't the same for all of them; '–' where it has no such line. */
export function differingRows(records: readonly ImageRecord[]): SurveyRow[][] {
  const lines = records.map(linesOf);
  const [first = new Map<string, string>()] = lines;
  const labels = new Set(lines.flatMap((each) => changedLines(first, each).map(({ label }) => label)));
  return lines.map((each) => [...labels].map((label): SurveyRow => [label, each.get(label) || '–']));
}

function linesOf({ generation, width, height, model, prompt }: ImageRecord): Map<string, string> {
  const lines = new Map([['Prompt', prompt], ['Model', model], ...(generation ? sentLines(generation) : [])]);
  if (width > 0 && height > 0) lines.set('Received', `${width} × ${height}`);
  return lines;
}

function sentLines({ inputs, parameters }: Generation): Map<string, string> {
  const has = (role: string): boolean => inputs.some((input) => input.role === role);
  const references = inputs.filter(({ role }) => role === 'image').length;
  return requestLines(parameters, { references, mask: has('mask'), markup: has('markup') });
}

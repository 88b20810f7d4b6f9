import type { Usage } from '../../electron/contract/entities/generations.ts';
import { formatCount } from '../shared/format/counts.ts';
import { lowercaseFirst } from '../shared/format/lowercase-first.ts';
import type { RecordRow } from './record-row.ts';

/** All token counts of a response, including fields that we don't know. `prefix` is placed before each label, for the usage of an SVG's author. */
export function usageRows(usage: Usage | undefined, prefix: string): RecordRow[] {
  if (!usage) return [];
  const { total_tokens, input_tokens, output_tokens, input_tokens_details, output_tokens_details, ...others } = usage;
  const label = (words: string): string => (prefix === '' ? words : prefix + lowercaseFirst(words));
  const rows: RecordRow[] = [];
  if (total_tokens !== undefined) rows.push({ label: label('Tokens'), value: plain(total_tokens) });
  if (input_tokens !== undefined)
    rows.push({ label: label('Input'), value: plain(input_tokens), hint: details(input_tokens_details) });
  if (output_tokens !== undefined)
    rows.push({ label: label('Output'), value: plain(output_tokens), hint: details(output_tokens_details) });
  // Fields that we don't know: their names may be too long for a label.
  for (const [name, value] of Object.entries(others)) {
    const words = details(value) ?? plain(value);
    // The model that wrote the SVG.
    if (prefix !== '' && name === 'model') rows.push({ label: label('Model'), value: words });
    else rows.push({ label: label('Other'), value: words, hint: unspaced(name) });
  }
  return rows;
}

function isParts(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Token details by their names in the API: `94 text, 1,056 image, 40 cached (30 text, 10 image)`. */
function details(parts: unknown): string | undefined {
  if (!isParts(parts)) return undefined;
  const all = Object.entries(parts);
  const words = all.flatMap(([name, value]) => {
    if (value === null) return [];
    const noun = unspaced(name.replace(/_tokens?(_details)?$/u, ''));
    if (!isParts(value)) return [`${plain(value)} ${noun}${inner(parts, name)}`];
    // Already shown next to their sum.
    const sum = name.replace(/_details$/u, '');
    return sum !== name && sum in parts ? [] : [`${noun}: ${details(value) ?? 'none'}`];
  });
  return words.length > 0 ? words.join(', ') : undefined;
}

function inner(parts: Record<string, unknown>, name: string): string {
  const more = parts[`${name}_details`];
  const words = isParts(more) ? details(more) : undefined;
  return words === undefined ? '' : ` (${words})`;
}

/** An API name as words. */
function unspaced(name: string): string {
  return name.replaceAll('_', ' ');
}

function plain(value: unknown): string {
  if (typeof value === 'number') return formatCount(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

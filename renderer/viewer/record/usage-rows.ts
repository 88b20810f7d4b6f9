import type { Usage } from '../../../electron/contract/entities/generations.ts';
import { formatCount } from '../../shared/format/counts.ts';
import { lowercaseFirst } from '../../shared/format/lowercase-first.ts';
import type { RecordRow } from './record-row.ts';

/**
 * The tokens as a server counted them, all of them, whatever it calls them. `before` stands before each label: an SVG's author has a count
 * of its own.
 */
export function usageRows(usage: Usage | undefined, before: string): RecordRow[] {
  if (!usage) return [];
  const { total_tokens, input_tokens, output_tokens, input_tokens_details, output_tokens_details, ...others } = usage;
  const label = (words: string): string => (before === '' ? words : before + lowercaseFirst(words));
  const rows: RecordRow[] = [];
  if (total_tokens !== undefined) rows.push({ label: label('Tokens'), value: plain(total_tokens) });
  if (input_tokens !== undefined)
    rows.push({ label: label('Input'), value: plain(input_tokens), hint: details(input_tokens_details) });
  if (output_tokens !== undefined)
    rows.push({ label: label('Output'), value: plain(output_tokens), hint: details(output_tokens_details) });
  // What else a server counts has no name of ours, and its own may be long.
  for (const [name, value] of Object.entries(others)) {
    const words = details(value) ?? plain(value);
    // Who counted: an SVG's author.
    if (before !== '' && name === 'model') rows.push({ label: label('Author'), value: words });
    else rows.push({ label: label('Also'), value: words, hint: unspaced(name) });
  }
  return rows;
}

function isParts(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `94 text, 1,056 image, 40 cached (30 text, 10 image)` from the details of a usage, by their names in the API. */
function details(parts: unknown): string | undefined {
  if (!isParts(parts)) return undefined;
  const all = Object.entries(parts);
  const words = all.flatMap(([name, value]) => {
    if (value === null) return [];
    const noun = unspaced(name.replace(/_tokens?(_details)?$/u, ''));
    if (!isParts(value)) return [`${plain(value)} ${noun}${inner(parts, name)}`];
    // Told beside their sum, where there is one.
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

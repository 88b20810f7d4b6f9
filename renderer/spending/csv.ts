import type { SpendingLine } from '../../electron/contract/entities/spending.ts';

type Cell = string | number | null;

/** The columns, in order. Times are ISO 8601 in UTC, costs are US dollars with all six digits. */
const COLUMNS: readonly [name: string, cell: (line: SpendingLine) => Cell][] = [
  ['time', (line) => new Date(line.at).toISOString()],
  ['profile', (line) => line.profile],
  ['operation', (line) => line.operation],
  ['model', (line) => line.model],
  ['size', (line) => line.size],
  ['quality', (line) => line.quality],
  ['images', (line) => line.images],
  ['input_tokens', (line) => line.inputTokens],
  ['output_tokens', (line) => line.outputTokens],
  ['cost_usd', (line) => dollars(line.cost)],
  ['at_most_usd', (line) => (line.cost === null ? dollars(line.estimateMost) : null)],
  ['billing', (line) => line.billing],
  ['request_id', (line) => line.requestId],
  ['generation_id', (line) => line.generationId],
  ['collections', (line) => line.collections.join('; ')],
  ['prompt', (line) => line.prompt],
];

export const CSV_HEAD = toRow(COLUMNS.map(([name]) => name));

/** Lines as rows of a CSV file (RFC 4180), each with its line break. */
export function toCsv(lines: readonly SpendingLine[]): string {
  return lines.map((line) => toRow(COLUMNS.map(([, cell]) => cell(line)))).join('');
}

function toRow(cells: readonly Cell[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

/**
 * Prefixes text that a spreadsheet would read as a formula with an apostrophe: prompts, names and server messages are
 * untrusted. Text that starts with an apostrophe gets one too, so that removing one always restores the original.
 */
function toCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const plain = /^(?:'|\s*[=+\-@|\t\r])/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n;]/u.test(plain) || plain !== plain.trim() ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** A number, not text, so that a spreadsheet can add it up. */
function dollars(micros: number | null): Cell {
  return micros === null ? null : micros / 1_000_000;
}

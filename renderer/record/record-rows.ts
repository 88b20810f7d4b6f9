import type { ResponseMetadata, Generation } from '../../electron/contract/entities/generations.ts';
import type { ImportFacts } from '../../electron/contract/entities/import-facts.ts';
import type { ImageRecord } from '../../electron/contract/entities/image-records.ts';
import { formatLabel } from '../../electron/contract/rules/parameter-rules.ts';
import { billingLabel } from '../../electron/contract/errors/messages.ts';
import type { CostBasis, Micros } from '../../electron/contract/entities/money.ts';
import type { CreateParameters, EditParameters } from '../../electron/contract/catalogue/parameters.ts';
import { formatBytes } from '../shared/format/bytes.ts';
import { formatCount } from '../shared/format/counts.ts';
import { formatAtMost, formatMicros, formatMicrosRange } from '../shared/format/money.ts';
import { formatElapsed, formatDateTime } from '../shared/format/time.ts';
import { parameterName, parameterValueLabel, ratioLabel } from '../state/parameter-labels.ts';
import type { RecordRow } from './record-row.ts';
import { usageRows } from './usage-rows.ts';

type Sent = Partial<CreateParameters & EditParameters>;

function sentParameters(generation: Generation): Sent {
  return generation.parameters as Sent;
}

/** The received value, and the requested one if it differs: "was auto", "asked for PNG". */
function receivedRow(
  field: string,
  asked: string | null | undefined,
  received: string | null | undefined,
): Pick<RecordRow, 'value' | 'hint'> {
  const word = (value: string): string => parameterValueLabel(field, value);
  if (received == null) return asked == null ? { value: 'Not sent' } : { value: word(asked) };
  if (asked == null) return { value: word(received), hint: 'not sent' };
  return {
    value: word(received),
    hint: asked === received ? undefined : asked === 'auto' ? 'was auto' : `asked for ${word(asked)}`,
  };
}

/** The rows of *Image*, in the order of the Request. */
export function imageRows(record: ImageRecord): RecordRow[] {
  const { generation } = record;
  const isMeasured = record.width > 0 && record.height > 0;
  if (generation === null) return [...importedImageRows(record, isMeasured), ...signedRows(record)];
  const sent = sentParameters(generation);
  const answer: ResponseMetadata = generation.answer ?? {};
  const actual = isMeasured ? `${record.width}x${record.height}` : 'unknown';
  const size = receivedRow('size', sent.size, actual);
  const ratio = isMeasured ? ratioLabel(record.width, record.height) : undefined;
  const place = record.siblings.findIndex(({ id }) => id === record.id) + 1;
  const perRequest = sent.n ?? 1;
  const format = receivedRow('output_format', sent.output_format, record.format);
  const rows: RecordRow[] = [
    { label: parameterName('model'), value: sent.model ?? 'Not sent' },
    { label: parameterName('size'), value: size.value, hint: join(ratio, size.hint) },
    { label: parameterName('quality'), ...receivedRow('quality', sent.quality, answer.quality) },
    {
      label: parameterName('output_format'),
      value: formatLabel(record.format),
      hint: join(formatBytes(record.bytes), sent.output_format ? format.hint : undefined),
    },
  ];
  if (sent.output_compression != null)
    rows.push({ label: parameterName('output_compression'), value: String(sent.output_compression) });
  rows.push(
    { label: parameterName('background'), ...receivedRow('background', sent.background, answer.background) },
    {
      label: parameterName('n'),
      value: `${Math.max(1, place)} of ${Math.max(1, record.siblings.length)}`,
      hint:
        record.siblings.length > 1
          ? `${perRequest} per request`
          : perRequest > 1
            ? `${perRequest} requested`
            : undefined,
    },
  );
  return [...rows, ...signedRows(record)];
}

/** Whether the original's file says who made it (C2PA). Nothing checks whether that is true. */
function signedRows({ signed }: ImageRecord): RecordRow[] {
  return signed === true ? [{ label: 'Credentials', value: 'Signed', hint: 'not verified' }] : [];
}

/** What is known of an imported image's pixels. */
function importedImageRows({ model, width, height, format, bytes }: ImageRecord, isMeasured: boolean): RecordRow[] {
  const size = isMeasured ? parameterValueLabel('size', `${width}x${height}`) : 'Unknown';
  return [
    { label: parameterName('model'), value: model || 'Unknown' },
    { label: parameterName('size'), value: size, hint: isMeasured ? ratioLabel(width, height) : undefined },
    { label: parameterName('output_format'), value: formatLabel(format), hint: formatBytes(bytes) },
  ];
}

const DATED_LABELS: Record<ImportFacts['dated'], string> = {
  metadata: 'from its metadata',
  file: 'from the file',
  import: 'when it was imported',
};

/** The rows of *Import*; [] for an image that Emulsion requested. */
export function importRows({ imported, createdAt }: ImageRecord): RecordRow[] {
  if (imported === null) return [];
  const { fileName, importedAt, dated, software, negativePrompt, parameters } = imported;
  const rows: RecordRow[] = [
    { label: 'File name', value: fileName },
    { label: 'Imported', value: formatDateTime(importedAt) },
    { label: 'Created', value: formatDateTime(createdAt), hint: DATED_LABELS[dated] },
  ];
  if (software !== '') rows.push({ label: 'Made with', value: software });
  if (negativePrompt !== '') rows.push({ label: 'Negative', value: negativePrompt });
  const others = Object.entries(parameters).map(([label, value]): RecordRow => ({ label, value: textOf(value) }));
  return [...rows, ...others];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const SHOWN_IN_IMAGE = new Set([
  'prompt',
  'model',
  'size',
  'quality',
  'output_format',
  'output_compression',
  'background',
  'n',
]);

/** The rows of *More*: partial images and all other parameters that were sent; [] for an imported image. */
export function moreRows(record: ImageRecord): RecordRow[] {
  const { generation } = record;
  if (generation === null) return [];
  const sent = sentParameters(generation);
  const asked = sent.partial_images ?? 0;
  const received = generation.partials.length;
  const always: RecordRow[] = [
    { label: parameterName('partial_images'), value: sent.stream ? `${received} of ${asked} received` : 'Not sent' },
    {
      label: parameterName('complexity'),
      value: sent.complexity ? parameterValueLabel('complexity', sent.complexity) : 'Not sent',
    },
    {
      label: parameterName('moderation'),
      value: sent.moderation ? parameterValueLabel('moderation', sent.moderation) : 'Not sent',
    },
  ];
  const shown = new Set([...SHOWN_IN_IMAGE, 'complexity', 'moderation', ...(sent.stream ? ['partial_images'] : [])]);
  const others = Object.entries(sent)
    .filter(([field, value]) => value != null && field !== 'svg' && !shown.has(field))
    .map(([field, value]): RecordRow => ({ label: parameterName(field), value: parameterValueLabel(field, value) }));
  return [...always, ...svgRows(sent.svg), ...others];
}

function svgRows(svg: Sent['svg']): RecordRow[] {
  if (svg == null) return [];
  // Edits may leave the author to the server.
  const { model, reasoning } = svg as Partial<typeof svg>;
  const effort = reasoning?.effort;
  const hint = effort == null ? undefined : `effort ${parameterValueLabel('effort', effort).toLowerCase()}`;
  return [{ label: 'SVG model', value: model ?? 'Not sent', hint }];
}

export const OPERATION_LABELS: Record<Generation['operation'], string> = {
  create: 'Create',
  edit: 'Edit',
  variation: 'Variation',
};
const STATE_LABELS: Record<Generation['state'], string> = {
  intent: 'Not sent yet',
  sent: 'Sent, outcome unknown',
  done: 'Complete',
  failed: 'Failed',
  cancelled: 'Stopped',
  interrupted: 'Interrupted',
};

/** The rows of *Response*: cost, tokens, times, request and server; [] for an imported image. */
export function responseRows(record: ImageRecord): RecordRow[] {
  const { generation, createdAt } = record;
  if (generation === null) return [];
  const { sentAt, finishedAt, requestId, status, answer } = generation;
  const rows: RecordRow[] = [...costRows(record.cost, generation), ...usageRows(answer?.usage, '')];
  if (answer?.usage === undefined) rows.push({ label: 'Tokens', value: 'Not reported by the server' });
  if (answer?.svg_usage) rows.push(...usageRows(answer.svg_usage, 'SVG '));
  rows.push(...timeRows(generation));
  rows.push({ label: 'Created', value: formatDateTime(createdAt) });
  if (sentAt !== null) rows.push({ label: 'Sent', value: formatDateTime(sentAt) });
  if (finishedAt !== null) rows.push({ label: 'Finished', value: formatDateTime(finishedAt) });
  rows.push(
    requestId === null
      ? { label: 'Request ID', value: 'Not received' }
      : { label: 'Request ID', value: requestId, id: true, copy: { text: requestId, label: 'Copy request ID' } },
    { label: 'Status', value: STATE_LABELS[generation.state], hint: status === null ? undefined : String(status) },
    { label: 'Billing', value: billingLabel(generation.billing) },
    {
      label: 'Operation',
      value: generation.variation ? 'Variation, by edit' : OPERATION_LABELS[generation.operation],
      hint: generation.operation === 'variation' ? 'by the variations endpoint' : undefined,
    },
    { label: 'Profile', value: generation.profileName },
    { label: 'Server', value: generation.baseUrl },
  );
  if (answer?.created !== undefined) rows.push({ label: 'Server time', value: formatDateTime(answer.created * 1000) });
  const said = (['size', 'output_format', 'quality', 'background'] as const).flatMap((field) => {
    const value = answer?.[field];
    return value === undefined ? [] : [parameterValueLabel(field, value)];
  });
  if (said.length > 0) rows.push({ label: 'Reported', value: said.join(', ') });
  if (answer?.safety_identifier) rows.push({ label: 'Safety ID', value: answer.safety_identifier });
  return rows;
}

const COST_BASIS_LABELS: Record<CostBasis, string> = {
  usage: 'Server token count',
  pictures: 'Price per image',
  free: 'Free profile',
};

/** The cost of the image, of its request if that created several, and what the figure is based on. */
function costRows(cost: Micros | null, generation: Generation): RecordRow[] {
  const { cost: whole, costBasis, estimate, billing } = generation;
  if (whole === null) {
    if (billing === 'none') return [{ label: 'Cost', value: 'Nothing' }];
    if (estimate === null) return [{ label: 'Cost', value: 'Unknown' }];
    return [{ label: 'Cost', value: formatAtMost(estimate.max), hint: 'uncertain' }];
  }
  const hint = estimate && costBasis !== 'free' ? `estimated ${formatMicrosRange(estimate)}` : undefined;
  const rows: RecordRow[] = [{ label: 'Cost', value: formatMicros(cost ?? whole), hint }];
  if (cost !== null && cost !== whole) {
    rows[0] = { label: 'Cost', value: formatMicros(cost), hint: 'share of the request' };
    rows.push({ label: 'Request total', value: formatMicros(whole), hint: hint ?? 'all its images' });
  }
  if (costBasis !== null) rows.push({ label: 'Based on', value: COST_BASIS_LABELS[costBasis] });
  return rows;
}

function timeRows({ sentAt, finishedAt, partials }: Generation): RecordRow[] {
  if (sentAt === null || finishedAt === null) return [];
  const first = partials[0];
  const hint = first && `first partial ${formatElapsed(first.arrivedAt - sentAt)}`;
  return [{ label: 'Time', value: formatElapsed(finishedAt - sentAt), hint }];
}

/** The rows of *File*. `missing`: the original is not in the library folder. */
export function fileRows(record: ImageRecord, missing = false): RecordRow[] {
  const { sha256, bytes, width, height, format, hasAlpha } = record;
  return [
    {
      label: 'SHA-256',
      value: `${sha256.slice(0, 8)}…${sha256.slice(-8)}`,
      id: true,
      copy: { text: sha256, label: 'Copy SHA-256' },
    },
    missing
      ? {
          label: 'On disk',
          value: 'Not in the library folder',
          hint: `was ${formatLabel(format)}, ${formatBytes(bytes)}`,
        }
      : {
          label: 'On disk',
          value: `${formatLabel(format)}, ${formatBytes(bytes)}`,
          hint: bytes < 1000 ? undefined : `${formatCount(bytes)} bytes`,
        },
    {
      label: 'Pixels',
      value: width * height > 0 ? formatCount(width * height) : 'Unknown',
      hint: width * height === 0 ? undefined : hasAlpha ? 'with transparency' : 'without transparency',
    },
  ];
}

function join(...parts: (string | undefined)[]): string | undefined {
  return parts.filter(Boolean).join(' · ') || undefined;
}

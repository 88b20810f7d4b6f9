import type { ParameterName } from '../../electron/contract/catalogue/parameters.ts';
import { parseSize } from '../../electron/contract/rules/size-rules.ts';

/** Parameter names on screen. */
const NAMES: Record<ParameterName | 'svg.model' | 'svg.reasoning.effort' | 'strict', string> = {
  strict: 'Strict mask',
  prompt: 'Prompt',
  model: 'Model',
  size: 'Size',
  quality: 'Quality',
  output_format: 'Format',
  output_compression: 'Compression',
  background: 'Background',
  n: 'Count',
  partial_images: 'Partials',
  moderation: 'Moderation',
  complexity: 'Complexity',
  input_fidelity: 'Input fidelity',
  stream: 'Streaming',
  style: 'Style',
  response_format: 'Response',
  frame_count: 'Frames',
  frame_duration_ms: 'Frame time',
  svg: 'SVG',
  'svg.model': 'SVG model',
  'svg.reasoning.effort': 'SVG effort',
  safety_identifier: 'Safety ID',
  user: 'User',
};

/** A parameter's name on screen; unknown ones keep their API name. */
export function parameterName(field: string): string {
  return Object.hasOwn(NAMES, field) ? NAMES[field as keyof typeof NAMES] : field;
}

const VALUE_LABELS: Record<string, string> = {
  xhigh: 'XHigh',
  hd: 'HD',
  b64_json: 'Base64',
  url: 'URL',
  jpeg: 'JPEG',
  webp: 'WebP',
};
const CAPITALS = new Set(['png', 'gif', 'svg']);
/** Free text: shown unchanged. */
const VERBATIM = new Set(['model', 'prompt', 'user', 'safety_identifier', 'svg.model']);

/** A value's label: `1536 × 1024`, `High`, `PNG`, `On`. Values without a label are shown as sent. */
export function parameterValueLabel(field: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'On' : 'Off';
  if (typeof value === 'number') return field === 'frame_duration_ms' ? `${value} ms` : String(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (VERBATIM.has(field)) return value;
  if (field === 'size') return sizeLabel(value);
  if (CAPITALS.has(value)) return value.toUpperCase();
  return VALUE_LABELS[value] ?? value.charAt(0).toUpperCase() + value.slice(1);
}

/** `1536x1024` as `1536 × 1024`, `auto` as `Auto`; anything else as it is. */
export function sizeLabel(size: string): string {
  if (size === 'auto') return 'Auto';
  const parsed = parseSize(size);
  return parsed ? `${parsed.width} × ${parsed.height}` : size;
}

/** The reduced ratio, like `3:2`; '' where a number exceeds 21. */
export function ratioLabel(width: number, height: number): string {
  let [a, b] = [width, height];
  while (b > 0) [a, b] = [b, a % b];
  if (a === 0) return '';
  const [across, down] = [width / a, height / a];
  return across <= 21 && down <= 21 ? `${across}:${down}` : '';
}

/** A request's main parameters in one line: `gpt-image-2.6-sunburst · 1536 × 1024 · High`. */
export function requestSummary(parts: {
  model?: string | null;
  size?: string | null;
  quality?: string | null;
}): string {
  const { model, size, quality } = parts;
  const words = [
    model,
    size && (size === 'auto' ? 'Auto size' : sizeLabel(size)),
    quality && `${parameterValueLabel('quality', quality)}${quality === 'auto' ? ' quality' : ''}`,
  ];
  return words.filter(Boolean).join(' · ');
}

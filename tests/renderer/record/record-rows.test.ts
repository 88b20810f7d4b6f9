import { expect, test } from 'vitest';
import type { Generation } from '../../../electron/contract/entities/generations.ts';
import type { RecordRow } from '../../../renderer/record/record-row.ts';
import { responseRows, fileRows, moreRows, imageRows } from '../../../renderer/record/record-rows.ts';
import { image } from '../state/scripted-studio.ts';
import { imageRecord, type GeneratedRecord } from '../viewer/image-record.ts';

const line = ({ label, value, hint }: RecordRow): string => [label, value, hint].filter(Boolean).join(' | ');
const lines = (rows: RecordRow[]): string[] => rows.map(line);

test('the image’s rows are in the form’s order and show where the response differs', () => {
  expect(lines(imageRows(imageRecord(1)))).toEqual([
    'Model | gpt-image-2.6-sunburst',
    'Size | 1536 × 1024 | 3:2 · was auto',
    'Quality | High | was auto',
    'Format | PNG | 2.4 MB',
    'Background | Opaque | was auto',
    'Count | 1 of 1',
  ]);
});

test('an original that says who made it is shown as signed, which nothing has verified', () => {
  expect(lines(imageRows({ ...imageRecord(1), signed: true })).at(-1)).toBe('Credentials | Signed | not verified');
  expect(lines(imageRows({ ...imageRecord(1), signed: false }))).not.toContain('Credentials');
});

test('parameters that were not sent say so, also if the server chose a value', () => {
  const record = imageRecord(1, {}, { parameters: { prompt: 'x', model: 'gpt-image-2' }, answer: null });
  expect(lines(imageRows(record))).toEqual([
    'Model | gpt-image-2',
    'Size | 1536 × 1024 | 3:2 · not sent',
    'Quality | Not sent',
    'Format | PNG | 2.4 MB',
    'Background | Not sent',
    'Count | 1 of 1',
  ]);
});

test('another format than asked for is said', () => {
  const parameters = { prompt: 'x', model: 'gpt-image-2', output_format: 'png' } as const;
  const record = imageRecord(1, { format: 'avif' }, { parameters });
  expect(lines(imageRows(record))).toContain('Format | AVIF | 2.4 MB · asked for PNG');
});

test('an image of four shows its number', () => {
  const siblings = [image(4), image(1), image(2), image(3)];
  expect(lines(imageRows(imageRecord(1, { siblings }))).at(-1)).toBe('Count | 2 of 4 | 1 per request');
});

test('every sent parameter is visible, also unknown ones', () => {
  const parameters = {
    prompt: 'x',
    model: 'gpt-image-2.6-sunburst',
    n: 2,
    size: '2048x2048',
    quality: 'max' as const,
    background: 'transparent' as const,
    output_format: 'webp' as const,
    output_compression: 80,
    moderation: 'low' as const,
    complexity: 'high' as const,
    stream: true,
    partial_images: 2,
    style: 'vivid' as const,
    user: 'me',
    safety_identifier: 'abc',
    response_format: 'b64_json' as const,
    frame_count: 8,
    frame_duration_ms: 120,
    svg: { model: 'gpt-5', reasoning: { effort: 'low' as const } },
  };
  const record = imageRecord(1, {}, { parameters });
  const shown = lines([...imageRows(record), ...moreRows(record)]).join('\n');
  for (const word of [
    '80',
    'Low',
    'High',
    '1 of 2 received',
    'On',
    'Vivid',
    'me',
    'abc',
    'Base64',
    '8',
    '120 ms',
    'SVG model | gpt-5 | effort low',
    'asked for 2048 × 2048',
  ]) {
    expect(shown).toContain(word);
  }
  const edit = imageRecord(1, {}, { operation: 'edit', parameters: { prompt: 'x', input_fidelity: 'high' } });
  expect(lines(moreRows(edit))).toContain('Input fidelity | High');
});

test('partial images requested without streaming are shown as sent', () => {
  const record = imageRecord(1, {}, { parameters: { prompt: 'x', partial_images: 2 }, partials: [] });
  expect(lines(moreRows(record))).toContain('Partials | 2');
});

test('the response’s rows contain usage, request ID, server and times', () => {
  const rows = lines(responseRows(imageRecord(1)));
  expect(rows).toEqual(
    expect.arrayContaining([
      'Time | 1:02 | first partial 0:13',
      'Tokens | 7,458',
      'Input | 1,150 | 94 text, 1,056 image',
      'Output | 6,308',
      'Request ID | req_5d81f0c2e4b74a90',
      'Status | Complete | 200',
      'Billing | Billed',
      'Profile | Demo server',
      'Server | http://127.0.0.1:4010/v1',
      'Reported | 1536 × 1024, PNG, High, Opaque',
    ]),
  );
});

test('unknown usage fields are shown, and missing usage is reported', () => {
  const record = imageRecord(1);
  const odd = {
    ...record,
    generation: {
      ...record.generation,
      answer: { usage: { credits_used: 12, total_tokens: 5 }, svg_usage: { total_tokens: 40 } },
    },
  };
  expect(lines(responseRows(odd))).toEqual(
    expect.arrayContaining(['Tokens | 5', 'Other | 12 | credits used', 'SVG tokens | 40']),
  );
  const silent = imageRecord(1, {}, { answer: null, requestId: null, sentAt: null });
  expect(lines(responseRows(silent))).toEqual(
    expect.arrayContaining(['Tokens | Not reported by the server', 'Request ID | Not received']),
  );
});

test('cached tokens and other details are shown at every depth', () => {
  const usage = {
    input_tokens: 1150,
    input_tokens_details: {
      text_tokens: 94,
      image_tokens: 1056,
      cached_tokens: 40,
      cached_tokens_details: { text_tokens: 30, image_tokens: 10 },
    },
    output_tokens: 6308,
    output_tokens_details: { image_tokens: 6272, text_tokens: 36, reasoning: { steps: 2 } },
  };
  const svg_usage = { input_tokens: 5, input_tokens_details: { cached_tokens: 2 }, model: 'gpt-5' };
  const rows = lines(responseRows(imageRecord(1, {}, { answer: { usage, svg_usage } })));
  expect(rows).toEqual(
    expect.arrayContaining([
      'Input | 1,150 | 94 text, 1,056 image, 40 cached (30 text, 10 image)',
      'Output | 6,308 | 6,272 image, 36 text, reasoning: 2 steps',
      'SVG input | 5 | 2 cached',
      'SVG model | gpt-5',
    ]),
  );
});

test('the cost shows the image’s share, the request total and what it is based on', () => {
  const cost = (change: Partial<GeneratedRecord>, request: Partial<Generation>) =>
    lines(responseRows(imageRecord(1, change, request))).filter((row) => /^(?:Cost|Request total|Based on)/u.test(row));
  const estimate = { min: 190_000, max: 190_000 };
  expect(cost({ cost: 198_000 }, { cost: 198_000, costBasis: 'usage', estimate })).toEqual([
    'Cost | $0.198 | estimated $0.190',
    'Based on | Server token count',
  ]);
  expect(cost({ cost: 50_000 }, { cost: 198_000, costBasis: 'pictures', estimate })).toEqual([
    'Cost | $0.050 | share of the request',
    'Request total | $0.198 | estimated $0.190',
    'Based on | Price per image',
  ]);
  expect(cost({ cost: 0 }, { cost: 0, costBasis: 'free', estimate })).toEqual(['Cost | $0', 'Based on | Free profile']);
  expect(cost({}, { estimate: { min: 1, max: 210_000 }, billing: 'possible' })).toEqual([
    'Cost | ≤ $0.210 | uncertain',
  ]);
  expect(cost({}, { billing: 'none' })).toEqual(['Cost | Nothing']);
});

test('a variation shows its endpoint', () => {
  expect(lines(responseRows(imageRecord(1, {}, { operation: 'edit', variation: true })))).toContain(
    'Operation | Variation, by edit',
  );
  expect(lines(responseRows(imageRecord(1, {}, { operation: 'variation' })))).toContain(
    'Operation | Variation | by the variations endpoint',
  );
});

test('the file’s rows offer the full checksum', () => {
  const record = imageRecord(1);
  expect(fileRows(record)[0]?.copy?.text).toBe(record.sha256);
  expect(lines(fileRows({ ...record, bytes: 337 }))[1]).toBe('On disk | PNG, 337 bytes');
});

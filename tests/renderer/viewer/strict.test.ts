import axe from 'axe-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { InputRecord } from '../../../electron/contract/entities/generations.ts';
import type { ImageId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import type { StrictMaskResult } from '../../../electron/contract/entities/strict-mask-result.ts';
import { strictRows } from '../../../renderer/viewer/record/strict-rows.ts';
import { mountView } from '../state/mounted-view.ts';
import { image, scriptedStudio, uuid, type ScriptedStudio, viewsOf } from '../state/scripted-studio.ts';
import { imageRecord, WITH_IMAGES } from './image-record.ts';

beforeEach(async () => {
  localStorage.clear();
  sessionStorage.clear();
  await page.viewport(1400, 900);
});

const BASE = WITH_IMAGES.imageBase;
const MADE = 'c'.repeat(64) as Sha256;
const DONE: StrictMaskResult = {
  state: 'done',
  feather: 6,
  sha256: MADE,
  width: 1536,
  height: 1024,
  hasAlpha: false,
  outside: 1_393_561,
  changed: 900_000,
  visible: 29_265,
};
const FAILED: StrictMaskResult = {
  state: 'failed',
  feather: 6,
  error: { code: 'unsupported-here', message: 'They differ in shape.', billing: 'none' },
};
const input = (role: InputRecord['role'], position: number): InputRecord => ({
  role,
  position,
  sha256: String(position).repeat(64) as Sha256,
  imageId: null,
});

/** An edit with a mask, and what came of its strict one. */
function edited(
  strict: StrictMaskResult | undefined,
  options: { feather: number } | null = { feather: 6 },
): ImageRecord {
  const inputs = [input('image', 0), input('mask', 1)];
  const size = { width: 1536, height: 1024 };
  return imageRecord(
    2,
    { ...size, ...(strict && { strict }), siblings: [{ ...image(2), ...size }] },
    { operation: 'edit', inputs, strict: options },
  );
}

async function open(record: ImageRecord, more: Parameters<typeof scriptedStudio>[0] = {}): Promise<ScriptedStudio> {
  const script = scriptedStudio({
    ...viewsOf([image(3), image(2), image(1)]),
    'library.image': () => record,
    ...more,
  });
  await mountView('viewer', script, uuid(2), WITH_IMAGES);
  await expect.element(panel().getByText('Strict mask')).toBeVisible();
  return script;
}

const panel = () => page.getByRole('complementary', { name: 'Record' });
const look = (name: string) => page.getByRole('radiogroup', { name: 'Show' }).getByRole('radio', { name });
const stage = () => document.querySelector('.stage img:last-of-type')?.getAttribute('src') ?? '';

describe('an image with a strict mask', () => {
  test('shows the masked result, with the original response and heat map one click away at the same size', async () => {
    await open(edited(DONE));
    await expect.element(look('Masked result')).toBeChecked();
    await expect.poll(stage).toBe(`${BASE}/input/${MADE}`);
    const box = () => document.querySelector('.stage .content')?.getBoundingClientRect();
    await expect.poll(() => box()?.width).toBeGreaterThan(500);
    const frame = box();
    await look('Original response').click();
    await expect.poll(stage).toBe(`${BASE}/original/${uuid(2)}`);
    await look('Heat map').click();
    await expect.poll(stage).toBe(`${BASE}/heat/${uuid(2)}`);
    expect(box()).toEqual(frame);
    expect((await axe.run(document.body)).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  test('shows in its record what stayed and what the model changed', async () => {
    await open(edited(DONE));
    await expect.element(panel().getByText('On, feather 6 px')).toBeVisible();
    await expect.element(panel().getByText('0 of 1,393,561 pixels changed')).toBeVisible();
    await expect.element(panel().getByText('2.1% of it visibly changed')).toBeVisible();
  });

  test('downloads the shown variant under its own name', async () => {
    await open(edited(DONE));
    const link = panel().getByRole('link', { name: /^Download/u });
    await expect.element(link).toHaveAttribute('href', `${BASE}/input/${MADE}`);
    await expect
      .element(link)
      .toHaveAttribute('download', expect.stringMatching(/^2\d{3}-\d\d-\d\d .+ \(masked\)\.png$/u));
    await look('Original response').click();
    await expect.element(panel().getByRole('link', { name: 'Download original response' })).toBeVisible();
    await expect.element(link).toHaveAttribute('href', `${BASE}/original/${uuid(2)}`);
    await look('Heat map').click();
    await expect
      .element(link)
      .toHaveAttribute('download', expect.stringMatching(/^2\d{3}-\d\d-\d\d .+ \(heat map\)\.webp$/u));
  });

  test('switches variants with arrow keys and resets for the next image', async () => {
    await open(edited(DONE));
    await look('Masked result').click();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(look('Original response')).toBeChecked();
    await page.getByRole('button', { name: 'Next image' }).click();
    await page.getByRole('button', { name: 'Previous image' }).click();
    await expect.element(look('Masked result')).toBeChecked();
  });

  test('can be applied again with another feather', async () => {
    let record = edited(DONE);
    const script = await open(record, {
      'library.image': () => record,
      'strict.apply': () => {
        record = edited({ ...DONE, feather: 20 });
        return record;
      },
    });
    const feather = panel().getByRole('spinbutton', { name: 'Feather, number' });
    await expect.element(feather).toHaveValue(6);
    await expect.element(panel().getByRole('button', { name: /^Apply/u })).not.toBeInTheDocument();
    await feather.fill('20');
    await userEvent.keyboard('{Enter}');
    await panel().getByRole('button', { name: 'Apply with 20 px' }).click();
    await expect.element(panel().getByText('On, feather 20 px')).toBeVisible();
    expect(script.calls.filter(({ endpoint }) => endpoint === 'strict.apply').map(({ payload }) => payload)).toEqual([
      { imageId: uuid(2) as ImageId, options: { feather: 20 } },
    ]);
  });
});

describe('a strict mask that made nothing', () => {
  test('shows the error and the original response, and can be retried', async () => {
    let record = edited(FAILED);
    const again = 'They still differ in shape.';
    const script = await open(record, {
      'library.image': () => record,
      'strict.apply': () => {
        record = edited({ ...FAILED, error: { ...FAILED.error, message: again } });
        return record;
      },
    });
    await expect.element(panel().getByRole('alert').getByText('They differ in shape.')).toBeVisible();
    await expect.element(page.getByRole('radiogroup', { name: 'Show' })).not.toBeInTheDocument();
    await expect.poll(stage).toBe(`${BASE}/original/${uuid(2)}`);
    await panel().getByRole('button', { name: 'Retry' }).click();
    await expect.element(panel().getByRole('alert').getByText(again)).toBeVisible();
    expect(script.calls.some(({ endpoint }) => endpoint === 'jobs.create')).toBe(false);
  });

  test('shows why applying failed and keeps the previous result', async () => {
    const error = { code: 'disk-full', message: 'The disk is full.', billing: 'none' };
    await open(edited(DONE), { 'strict.apply': () => ({ refusal: error }) });
    await panel().getByRole('spinbutton', { name: 'Feather, number' }).fill('9');
    await userEvent.keyboard('{Enter}');
    await panel().getByRole('button', { name: 'Apply with 9 px' }).click();
    await expect.element(panel().getByRole('alert').getByText('The disk is full.')).toBeVisible();
    await expect.element(panel().getByText('On, feather 6 px')).toBeVisible();
  });

  test('can be applied later if it was not requested', async () => {
    const script = await open(edited(undefined, null), { 'strict.apply': () => edited(DONE) });
    await expect.element(panel().getByText('Off', { exact: true })).toBeVisible();
    await panel().getByRole('button', { name: 'Apply mask' }).click();
    await expect.poll(() => script.calls.some(({ endpoint }) => endpoint === 'strict.apply')).toBe(true);
  });
});

test('rows show what is known, and nothing without a mask', () => {
  const label = (record: ImageRecord): string[] => strictRows(record).map((row) => `${row.label}: ${row.value}`);
  expect(strictRows(imageRecord(1))).toEqual([]);
  expect(strictRows(edited(undefined))).toEqual([
    { label: 'Strict mask', value: 'On, feather 6 px', hint: 'in progress' },
  ]);
  expect(label(edited({ ...DONE, feather: 0, outside: 0, changed: 0, visible: 0 }))).toEqual([
    'Strict mask: On, no feather',
    'Outside: Nothing: the mask covers the whole image',
  ]);
  expect(label(edited({ ...DONE, width: 768, height: 512 })).at(-1)).toBe('Scaled: 768 × 512');
});

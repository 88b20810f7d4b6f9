import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { InputDetails } from '../../../../electron/contract/entities/inputs.ts';
import { SETTINGS } from '../../state/scripted-studio.ts';
import { input, mountTray } from './mounted-tray.ts';

const details = (change: Partial<InputDetails>): InputDetails => ({
  depth: 8,
  colour: 'srgb',
  mask: { kind: 'transparent', clear: 1024, partial: 0 },
  carries: [],
  ...change,
});
const marks = (clear: number, partial = 0): InputDetails => details({ mask: { kind: 'transparent', clear, partial } });

test('a photo chosen as a mask is shown with what it would edit, and asked about', async () => {
  const photo = input(2, { details: details({ mask: { kind: 'photo', clear: 0, partial: 0 } }), name: 'Bottle.jpg' });
  const fitted = input(3, { hasAlpha: true, details: marks(524_288), changes: ['Edits white areas.'] });
  const { tray } = await mountTray([input(1)], { 'inputs.fitMask': () => fitted });
  tray.mask = photo;
  await expect.element(page.getByText(/This looks like a photo, not a mask\./u)).toBeVisible();
  await page.getByRole('button', { name: 'Fit to the first image' }).click();
  const question = page.getByRole('group', { name: 'Use this as the mask?' });
  await expect
    .element(question)
    .toMatchTextContent(/looks like a photo.+It would edit 50% of the image\. Use it as the mask\?/u);
  // The question takes the place of what is wrong with the file as it is.
  await expect.element(page.getByText(/The mask must be PNG|no transparent part/u)).not.toBeInTheDocument();
  // Nothing is a mask yet.
  expect(tray.mask).toBe(photo);
  await question.getByRole('button', { name: 'Cancel' }).click();
  expect(tray.mask).toBe(photo);
  await page.getByRole('button', { name: 'Fit to the first image' }).click();
  await question.getByRole('button', { name: 'Use as mask' }).click();
  expect(tray.mask).toEqual(fitted);
  await expect.element(page.getByText('Edits 50% of the image.')).toBeVisible();
});

test('half-transparent pixels are counted, and made hard when asked', async () => {
  const soft = input(2, { hasAlpha: true, details: marks(200_000, 98_724), bytes: 4000 });
  const hard = input(3, { hasAlpha: true, details: marks(200_000), bytes: 4000 });
  const { tray, script } = await mountTray([input(1)], { 'inputs.fitMask': () => hard });
  tray.mask = soft;
  await expect.element(page.getByText(/98,724 pixels are half transparent\./u)).toBeVisible();
  await page.getByRole('button', { name: 'Make edges hard' }).click();
  await expect.poll(() => tray.mask).toEqual(hard);
  expect(script.calls.findLast(({ endpoint }) => endpoint === 'inputs.fitMask')?.payload).toMatchObject({
    reads: 'transparency',
  });
});

test('a mask that marks nothing is a problem, though it has transparency', async () => {
  const { tray } = await mountTray([input(1)]);
  tray.mask = input(2, {
    hasAlpha: true,
    bytes: 4000,
    details: details({ mask: { kind: 'grey', clear: 0, partial: 9 } }),
  });
  await expect.element(page.getByText(/No pixel of the mask is more than half transparent/u)).toBeVisible();
});

test('a place in a file is said and removed, and the switch keeps it', async () => {
  const photo = input(1, { details: details({ carries: ['location', 'prompt'] }), name: 'Bottle.jpg' });
  const clean = input(2, { details: details({}), changes: ['Removed a location.'] });
  let on = true;
  const { tray, script } = await mountTray([], {
    'inputs.fromImage': () => photo,
    'inputs.prepare': () => clean,
    'settings.change': () => ({ ...SETTINGS, stripMetadata: (on = !on) }),
  });
  tray.stripsMetadata = () => false;
  await tray.addImage(photo.sha256 as never);
  await expect
    .element(page.getByRole('list', { name: 'Sent with the images' }))
    .toMatchTextContent('Bottle.jpg contains a location and a prompt from another app.');
  const strip = page.getByRole('switch', { name: 'Remove metadata' });
  await strip.click();
  await strip.click();
  expect(script.calls.findLast(({ endpoint }) => endpoint === 'settings.change')?.payload).toEqual({
    stripMetadata: true,
  });
  await expect.poll(() => tray.images).toEqual([clean]);
  expect(tray.stripped).toBe(true);
  await expect.element(strip).toBeVisible();
});

test('a place is removed from a file when it is added', async () => {
  const photo = input(1, { details: details({ carries: ['location'] }) });
  const clean = input(2, { details: details({}), changes: ['Removed a location.'] });
  const { tray, script } = await mountTray([], { 'inputs.fromImage': () => photo, 'inputs.prepare': () => clean });
  await tray.addImage(photo.sha256 as never);
  expect(tray.images).toEqual([clean]);
  expect(script.calls.findLast(({ endpoint }) => endpoint === 'inputs.prepare')?.payload).toEqual({
    sha256: photo.sha256,
    strip: true,
  });
  expect(tray.inputs()).toEqual([
    { role: 'image', sha256: clean.sha256, image: null, changes: ['Removed a location.'] },
  ]);
});

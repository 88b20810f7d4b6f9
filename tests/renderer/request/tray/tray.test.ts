import axe from 'axe-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ErrorReport } from '../../../../electron/contract/errors/errors.ts';
import { findModel } from '../../../../electron/contract/catalogue/models.ts';
import { image } from '../../state/scripted-studio.ts';
import { carrying, file, IMAGE, input, mountTray, type MountedTray } from './mounted-tray.ts';

beforeEach(() => page.viewport(1000, 700));

/** By the beginning of its name. */
const tile = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}`, 'u') });
const names = ({ tray }: MountedTray): string[] => tray.images.map(({ name }) => name);
const announcement = () => page.getByRole('status').element().textContent;
const TOO_LARGE = 60 * 1024 * 1024;
const refusal: ErrorReport = { code: 'input-invalid', message: 'This is a TIFF. Nothing was added.', billing: 'none' };

function drop(target: Element, files: File[], texts = {}): DragEvent {
  const event = new DragEvent('drop', { dataTransfer: carrying(files, texts), bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

function paste(target: EventTarget, files: File[], texts = {}): ClipboardEvent {
  const clipboardData = carrying(files, texts);
  const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
  target.dispatchEvent(event);
  return event;
}

describe('files', () => {
  test('come in one after the other in their order, show how far they are, and can be cancelled', async () => {
    const mounted = await mountTray();
    const { sending, tray } = mounted;
    void tray.add([file('a.png'), file('b.png'), file('c.png')]);
    await expect.element(page.getByRole('progressbar', { name: 'Adding a.png' })).toBeVisible();
    expect(sending.map(({ name }) => name)).toEqual(['a.png']);
    expect(tray.working).toBe(true);
    sending[0]?.watch.onProgress?.(0.4);
    await expect
      .element(page.getByRole('progressbar', { name: 'Adding a.png' }))
      .toHaveAttribute('aria-valuenow', '40');
    await page.getByRole('button', { name: 'Cancel b.png' }).click();
    sending[0]?.end({ ok: input(1, { name: 'a.png' }) });
    await expect.poll(() => sending.map(({ name }) => name)).toEqual(['a.png', 'c.png']);
    await page.getByRole('button', { name: 'Cancel c.png' }).click();
    expect(sending[1]?.watch.signal?.aborted).toBe(true);
    await expect.poll(() => names(mounted)).toEqual(['a.png']);
    expect(tray.working).toBe(false);
    await expect.element(tile('Reference 1 of 1: a.png')).toBeVisible();
    await expect.element(page.getByText('1 of 16 · sent as an edit')).toBeVisible();
  });

  test('that are refused say why until they are dismissed, and those behind them come in', async () => {
    const mounted = await mountTray();
    void mounted.tray.add([file('scan.tiff'), file('b.png')]);
    await expect.poll(() => mounted.sending.length).toBe(1);
    mounted.sending[0]?.end({ error: refusal });
    await expect.element(page.getByText('scan.tiff wasn’t added.')).toBeVisible();
    await expect.element(page.getByText('This is a TIFF. Nothing was added.')).toBeVisible();
    await expect.poll(() => mounted.sending.length).toBe(2);
    mounted.sending[1]?.end({ ok: input(2, { name: 'b.png' }) });
    await expect.poll(() => names(mounted)).toEqual(['b.png']);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect.element(page.getByText('scan.tiff wasn’t added.')).not.toBeInTheDocument();
  });

  test('are chosen, several at once, by the field behind the plus', async () => {
    const mounted = await mountTray();
    await expect.element(page.getByText('Choose, paste or drop images to edit or vary them.')).toBeVisible();
    const field = document.querySelector<HTMLInputElement>('input[type=file]');
    expect([field?.multiple, field?.accept]).toEqual([true, 'image/png,image/jpeg,image/webp,image/gif']);
    if (field) field.files = carrying([file('a.png'), file('b.png')]).files;
    field?.dispatchEvent(new Event('change', { bubbles: true }));
    await expect.poll(() => mounted.tray.uploads.map(({ name }) => name)).toEqual(['a.png', 'b.png']);
    expect(field?.value).toBe('');
  });

  test('are pasted anywhere in the window; words stay words', async () => {
    const { tray } = await mountTray();
    const area = document.body.appendChild(document.createElement('textarea'));
    expect(paste(document.body, [file('shot.png')]).defaultPrevented).toBe(true);
    expect(tray.uploads.map(({ name }) => name)).toEqual(['shot.png']);
    expect(paste(area, [file('b.png')]).defaultPrevented).toBe(true);
    expect(paste(area, [file('c.png')], { 'text/plain': 'words' }).defaultPrevented).toBe(false);
    expect(paste(document.body, [], { 'text/plain': 'words' }).defaultPrevented).toBe(false);
    expect(paste(document.body, [file('notes.txt', 'text/plain')]).defaultPrevented).toBe(false);
    expect(tray.uploads).toHaveLength(2);
    area.remove();
  });

  test('are dropped anywhere; a hint says so while they are over the window', async () => {
    const { tray } = await mountTray();
    const hint = page.getByText('Drop images to add them as references');
    const over = (data: DataTransfer): DragEvent => {
      const event = new DragEvent('dragover', { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
      return event;
    };
    expect(over(carrying([], { 'text/plain': 'words' })).defaultPrevented).toBe(false);
    await expect.element(hint).not.toBeInTheDocument();
    expect(over(carrying([file('a.png')])).defaultPrevented).toBe(true);
    await expect.element(hint).toBeVisible();
    document.body.dispatchEvent(new DragEvent('dragleave', { bubbles: true }));
    await expect.element(hint).not.toBeInTheDocument();
    over(carrying([file('a.png')]));
    expect(drop(document.body, [file('a.png'), file('b.png')]).defaultPrevented).toBe(true);
    await expect.element(hint).not.toBeInTheDocument();
    expect(tray.uploads.map(({ name, role }) => `${role} ${name}`)).toEqual(['image a.png', 'image b.png']);
    expect(drop(document.body, [], { 'text/plain': 'words' }).defaultPrevented).toBe(false);
  });

  test('dropped on the mask’s section are the mask', async () => {
    const { tray } = await mountTray([input(1)]);
    drop(page.getByRole('button', { name: 'Choose a file' }).element(), [file('m.png'), file('n.png')]);
    expect(tray.uploads.map(({ name, role }) => `${role} ${name}`)).toEqual(['mask m.png']);
  });

  test('that are here already are not here twice', async () => {
    const mounted = await mountTray([input(1), input(2)]);
    void mounted.tray.add([file('again.png')]);
    await expect.poll(() => mounted.sending.length).toBe(1);
    mounted.sending[0]?.end({ ok: input(2, { name: 'again.png' }) });
    await expect.poll(announcement).toBe('again.png is already reference 2.');
    expect(mounted.tray.images).toHaveLength(2);
  });

  test('that lie turned are turned upright at once, which is told', async () => {
    const upright = input(2, { changes: ['Turned upright.', 'Saved as JPEG, 2.1 MB instead of 2.4 MB.'] });
    const mounted = await mountTray([], { 'inputs.prepare': () => upright });
    void mounted.tray.add([file('turned.jpg')]);
    await expect.poll(() => mounted.sending.length).toBe(1);
    mounted.sending[0]?.end({ ok: input(1, { orientation: 6 }) });
    await expect.poll(() => mounted.tray.images).toEqual([upright]);
    await expect.poll(announcement).toMatch(/Turned upright\./u);
  });
});

describe('order', () => {
  test('is changed by Alt and arrows; the focus and the words go along', async () => {
    const mounted = await mountTray([input(1), input(2), input(3)]);
    tile('Reference 1 of 3').element().focus();
    await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}');
    await expect.poll(() => names(mounted)).toEqual(['image-2.png', 'image-1.png', 'image-3.png']);
    await expect.poll(announcement).toBe('image-1.png is now 2 of 3.');
    await expect.element(tile('Reference 2 of 3: image-1.png')).toHaveFocus();
    await userEvent.keyboard('{Alt>}{End}{/Alt}');
    await expect.element(tile('Reference 3 of 3: image-1.png')).toHaveFocus();
    await userEvent.keyboard('{Alt>}{ArrowRight}{/Alt}');
    expect(names(mounted)).toEqual(['image-2.png', 'image-3.png', 'image-1.png']);
    await userEvent.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await expect.poll(() => names(mounted)).toEqual(['image-2.png', 'image-1.png', 'image-3.png']);
    await userEvent.keyboard('{ArrowLeft}');
    expect(names(mounted)).toEqual(['image-2.png', 'image-1.png', 'image-3.png']);
  });

  test('is changed by dragging one onto another', async () => {
    const mounted = await mountTray([input(1), input(2), input(3)]);
    const item = (name: string): Element => tile(name).element().closest('li') ?? document.body;
    const dataTransfer = new DataTransfer();
    const fire = (type: string, at: Element): boolean =>
      at.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    const [first, third] = [item('Reference 1 of 3'), item('Reference 3 of 3')];
    fire('dragstart', first);
    expect(fire('dragover', third)).toBe(false);
    fire('drop', third);
    await expect.poll(() => names(mounted)).toEqual(['image-2.png', 'image-3.png', 'image-1.png']);
    await expect.element(page.getByText('Drop images')).not.toBeInTheDocument();
  });

  test('is changed by buttons too', async () => {
    const mounted = await mountTray([input(1), input(2)]);
    await tile('Reference 2 of 2').click();
    await expect.element(page.getByRole('button', { name: 'Move later' })).toBeDisabled();
    await page.getByRole('button', { name: 'Move earlier' }).click();
    expect(names(mounted)).toEqual(['image-2.png', 'image-1.png']);
    await expect.element(page.getByRole('button', { name: 'Move earlier' })).toBeDisabled();
  });

  test('is the order in which they are sent', async () => {
    const { tray } = await mountTray([input(1, { image: IMAGE }), input(2)]);
    tray.mask = input(3);
    tray.move(0, 1);
    expect(tray.inputs()).toEqual([
      { role: 'image', sha256: input(2).sha256, image: null },
      { role: 'image', sha256: input(1).sha256, image: IMAGE },
      { role: 'mask', sha256: input(3).sha256, image: null },
    ]);
  });

  test('closes up when one is removed, and the focus stays in the list', async () => {
    const mounted = await mountTray([input(1), input(2), input(3)]);
    tile('Reference 2 of 3').element().focus();
    await userEvent.keyboard('{Delete}');
    await expect.poll(() => names(mounted)).toEqual(['image-1.png', 'image-3.png']);
    await expect.element(tile('Reference 2 of 2: image-3.png')).toHaveFocus();
    await expect.poll(announcement).toBe('image-2.png removed. 2 left.');
    await userEvent.keyboard('{Delete}');
    await expect.element(tile('Reference 1 of 1: image-1.png')).toHaveFocus();
    await userEvent.keyboard('{Delete}');
    await expect.element(tile('Add images from files')).toHaveFocus();
  });
});

describe('what stands in the way', () => {
  test('is said of each image, with what mends it', async () => {
    const fixed = input(9, { name: 'big.png', changes: ['Scaled from 6000 × 4000 to 3840 × 2560.'] });
    const mounted = await mountTray([input(1), input(2, { name: 'big.png', bytes: TOO_LARGE })], {
      'inputs.prepare': () => fixed,
    });
    await expect.element(page.getByText('Image 2.')).toBeVisible();
    await expect.element(tile('Reference 2 of 2: big.png, needs fixing')).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Compress to fit' })).toBeVisible();
    await page.getByRole('button', { name: 'Scale down to fit' }).click();
    await expect.poll(() => mounted.tray.images[1]).toEqual(fixed);
    expect(mounted.script.calls.at(-1)).toEqual({
      endpoint: 'inputs.prepare',
      payload: { sha256: input(2).sha256, format: 'png', longestEdge: 3840, below: 50 * 1024 * 1024 },
    });
    await expect.element(page.getByText('Image 2.')).not.toBeInTheDocument();
    await tile('Reference 2 of 2: big.png').click();
    await expect.element(page.getByText('Changes')).toBeVisible();
    await expect.element(page.getByText('Scaled from 6000 × 4000 to 3840 × 2560.', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Revert' }).click();
    expect(mounted.tray.images[1]?.sha256).toBe(input(2).sha256);
  });

  test('an animation gives its first frame', async () => {
    const { script } = await mountTray([input(1, { format: 'gif', frames: 9 })], { 'inputs.prepare': () => input(2) });
    await page.getByRole('button', { name: 'Use the first frame' }).click();
    await expect.poll(() => script.calls.at(-1)?.payload).toMatchObject({ format: 'png' });
  });

  test('a variation’s image is made square by the chosen method, in one step', async () => {
    const oblong = input(1, { format: 'jpeg', width: 1536 });
    const { script } = await mountTray([oblong], { 'inputs.prepare': () => input(2) }, { operation: 'variation' });
    await expect.element(page.getByText('1 of 1 · sent as a variation')).toBeVisible();
    await expect.element(page.getByText('cuts off the edges')).toBeVisible();
    await page.getByRole('radio', { name: 'Pad' }).click();
    await page.getByRole('button', { name: 'Make square' }).click();
    await expect
      .poll(() => script.calls.at(-1)?.payload)
      .toEqual({ sha256: oblong.sha256, format: 'png', square: 'pad', below: 4 * 1024 * 1024 });
    await expect.element(page.getByRole('button', { name: 'Make square' })).not.toBeInTheDocument();
  });

  test('what is too many goes with one deed', async () => {
    const four = [1, 2, 3, 4].map((number) => input(number));
    const mounted = await mountTray(four, {}, { model: findModel('dall-e-2') });
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    expect(names(mounted)).toEqual(['image-1.png']);
  });

  test('a deed that fails says so and leaves all as it was', async () => {
    const broken: ErrorReport = { code: 'disk-full', message: 'The disk is full. Make room.', billing: 'none' };
    const before = input(1, { format: 'gif' });
    const { tray } = await mountTray([before], { 'inputs.prepare': () => ({ refusal: broken }) });
    await page.getByRole('button', { name: 'Convert' }).click();
    await expect.element(page.getByText('The disk is full. Make room.')).toBeVisible();
    expect(tray.images).toEqual([before]);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    expect(tray.error).toBeNull();
  });
});

describe('the mask', () => {
  test('is fitted to the first image as the person says, and shown over it', async () => {
    const fitted = input(8, { name: 'mask.png', hasAlpha: true, changes: ['Took what is black as the part to edit.'] });
    const { script, tray } = await mountTray([input(1)], { 'inputs.fitMask': () => fitted });
    tray.mask = input(7, { name: 'mask.png', width: 300 });
    await expect.element(page.getByText(/The mask is 300 × 1024, the first image 1024 × 1024/u)).toBeVisible();
    await expect.element(page.getByText(/The mask has no transparent part/u)).toBeVisible();
    await expect.element(page.getByRole('radio', { name: 'White' })).toBeChecked();
    await page.getByRole('radio', { name: 'Black' }).click();
    await page.getByRole('button', { name: 'Fit to the first image' }).click();
    await expect.element(page.getByText('Hatched areas are edited.')).toBeVisible();
    expect(script.calls.at(-1)).toEqual({
      endpoint: 'inputs.fitMask',
      payload: { sha256: input(7).sha256, first: input(1).sha256, reads: 'black' },
    });
    await expect.element(page.getByText('Took what is black as the part to edit.', { exact: true })).toBeVisible();
    await page.getByRole('button', { name: 'Revert' }).click();
    expect(tray.mask.width).toBe(300);
    await page.getByRole('button', { name: 'Remove mask' }).click();
    await expect.element(page.getByRole('button', { name: 'Choose a file' })).toBeVisible();
  });

  test('of which a part shines through is read by that, unless the person says otherwise', async () => {
    const { tray } = await mountTray([input(1)]);
    tray.mask = input(7, { width: 300, hasAlpha: true });
    await expect.element(page.getByRole('radio', { name: 'Transparent' })).toBeChecked();
  });

  test('has no place where none is taken; one that is there can be removed', async () => {
    const { tray, say } = await mountTray([input(1)], {}, { operation: 'variation' });
    await expect.element(page.getByRole('heading', { name: 'Mask' })).not.toBeInTheDocument();
    tray.mask = input(7, { hasAlpha: true });
    await expect.element(page.getByText(/Variations don’t support a mask\./u)).toBeVisible();
    await say({ operation: 'edit', format: 'gif' });
    await expect.element(page.getByText(/A GIF can’t be created with a mask\./u)).toBeVisible();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await expect.element(page.getByRole('heading', { name: 'Mask' })).not.toBeInTheDocument();
  });
});

describe('the markup', () => {
  const field = () => document.querySelector<HTMLInputElement>('[data-drop="markup"] input[type=file]');

  test('comes from a file, is shown over the first image, and goes out', async () => {
    const { sending, tray } = await mountTray([input(1)]);
    await expect.element(page.getByRole('button', { name: 'Choose a PNG' })).toBeVisible();
    expect(field()?.accept).toBe('image/png');
    const chooser = field();
    if (chooser) chooser.files = carrying([file('arrows.png')]).files;
    chooser?.dispatchEvent(new Event('change', { bubbles: true }));
    await expect.poll(() => sending.length).toBe(1);
    sending[0]?.end({ ok: input(7, { name: 'arrows.png', hasAlpha: true }) });
    await expect.element(page.getByRole('img', { name: 'What the markup covers' })).toBeInTheDocument();
    expect(tray.inputs()).toEqual([
      { role: 'image', sha256: input(1).sha256, image: null },
      { role: 'markup', sha256: input(7).sha256, image: null },
    ]);
    await expect.poll(announcement).toBe('arrows.png is the markup.');
    await page.getByRole('button', { name: 'Remove markup' }).click();
    expect(tray.markup).toBeNull();
  });

  test('that does not fit says what it must be', async () => {
    const { tray } = await mountTray([input(1)]);
    tray.markup = input(7, { width: 300 });
    await expect.element(page.getByText(/The markup is 300 × 1024, the first image 1024 × 1024/u)).toBeVisible();
    await expect.element(page.getByText(/The markup has no transparent part/u)).toBeVisible();
    await expect.element(page.getByRole('img', { name: 'What the markup covers' })).not.toBeInTheDocument();
  });

  test('dropped on its section is the markup, one that is refused says why', async () => {
    const { sending, tray } = await mountTray([input(1)]);
    drop(page.getByRole('button', { name: 'Choose a PNG' }).element(), [file('m.png'), file('n.png')]);
    expect(tray.uploads.map(({ name, role }) => `${role} ${name}`)).toEqual(['markup m.png']);
    await expect.poll(() => sending.length).toBe(1);
    sending[0]?.end({ error: refusal });
    await expect.element(page.getByText('m.png wasn’t added.')).toBeVisible();
  });

  test('has no place beside a mask, nor where the model takes none', async () => {
    const { say, tray } = await mountTray([input(1)]);
    tray.mask = input(6, { hasAlpha: true });
    await expect.element(page.getByText(/Remove the mask to add markup\./u)).toBeVisible();
    await expect.element(page.getByRole('button', { name: 'Choose a PNG' })).not.toBeInTheDocument();
    tray.mask = null;
    await say({ model: findModel('gpt-image-2') });
    await expect.element(page.getByRole('heading', { name: 'Markup' })).not.toBeInTheDocument();
    tray.markup = input(7, { hasAlpha: true });
    await expect.element(page.getByText('Markup is not supported by gpt-image-2.')).toBeVisible();
  });
});

describe('the library', () => {
  const answers = {
    'inputs.fromImage': ({ imageId }: { imageId: string }) => input(Number(imageId.slice(-2)), { image: IMAGE }),
  };
  const ids = (...numbers: number[]) => numbers.map((number) => image(number).id);

  test('gives images in the order in which they were chosen, as many as there is room for', async () => {
    const mounted = await mountTray([input(9)], answers);
    await page.getByRole('button', { name: 'Add from library' }).click();
    expect(mounted.picker.open?.request).toEqual({ title: 'Add images from the library', max: 15 });
    mounted.picker.finish(ids(3, 1));
    await expect.poll(() => names(mounted)).toEqual(['image-9.png', 'image-3.png', 'image-1.png']);
  });

  test('gives one for a mask, and can be left', async () => {
    const mounted = await mountTray([input(9)], answers);
    await page.getByRole('button', { name: 'From the library' }).click();
    mounted.picker.cancel();
    expect(mounted.picker.open).toBeNull();
    await page.getByRole('button', { name: 'From the library' }).click();
    expect(mounted.picker.open?.request).toEqual({ title: 'Choose a mask from the library', max: 1 });
    mounted.picker.finish(ids(2));
    await expect.poll(() => mounted.tray.mask?.name).toBe('image-2.png');
    expect(mounted.tray.images).toHaveLength(1);
  });
});

test('inputs of a record take the place of what is here, without those that are gone', async () => {
  const mounted = await mountTray([input(1)], {
    'inputs.get': () => [input(5), input(6), input(7, { hasAlpha: true })],
  });
  const from = (number: number, role: 'image' | 'mask'): ReturnType<typeof mounted.tray.inputs>[number] => ({
    role,
    sha256: input(number).sha256,
    image: null,
  });
  await mounted.tray.load([from(6, 'image'), from(4, 'image'), from(5, 'image'), from(7, 'mask')]);
  expect(names(mounted)).toEqual(['image-6.png', 'image-5.png']);
  expect(mounted.tray.mask?.sha256).toBe(input(7).sha256);
});

test('everything has a name, in the order of reading', async () => {
  const { tray } = await mountTray([input(1, { bytes: TOO_LARGE }), input(2)]);
  tray.mask = input(7, { width: 300 });
  void tray.add([file('on-its-way.png')]);
  await tile('Reference 2 of 2').click();
  const { violations } = await axe.run(document.body, {
    rules: {
      'page-has-heading-one': { enabled: false },
      region: { enabled: false },
      'heading-order': { enabled: false },
      'landmark-one-main': { enabled: false },
    },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
});

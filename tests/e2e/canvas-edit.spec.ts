import sharp from 'sharp';
import type { RecordedRequest } from '../fakes/recording-server.ts';
import {
  expect,
  halfNegative,
  pixelAt,
  pixelsOf,
  pngFile,
  tabTo,
  test,
  type Easel,
  type Pixels,
} from './canvas-easel.ts';

/** The two pixels of a mask in the Images API's format. */
const EDIT = [255, 255, 255, 0];
const KEEP = [0, 0, 0, 255];

/** The fields that an edit request may contain beside its files. */
const API_FIELDS = new Set(
  'model prompt n size quality background output_format output_compression moderation stream partial_images input_fidelity user response_format'.split(
    ' ',
  ),
);

function fileOf(request: RecordedRequest | undefined, field: string): Buffer {
  return request?.files.find((file) => file.field === field)?.bytes ?? Buffer.alloc(0);
}

/** The one request that was sent. */
function onlyPost({ editor }: Easel): RecordedRequest | undefined {
  expect(editor.posts().map(({ path }) => path)).toEqual(['/v1/images/edits']);
  return editor.posts()[0];
}

/** Counts a mask's pixels: white and fully transparent, or black and opaque. Fails for any other. */
function countMask({ data, width, height }: Pixels): { edit: number; keep: number } {
  const counts = { edit: 0, keep: 0 };
  for (let at = 0; at < width * height * 4; at += 4) {
    const pixel = data.readUInt32BE(at);
    if (pixel === 0xffffff00) counts.edit += 1;
    else if (pixel === 0x000000ff) counts.keep += 1;
  }
  expect(counts.edit + counts.keep).toBe(width * height);
  return counts;
}

test('brushed and not erased pixels are sent as a mask, and nothing outside the mask changes', async ({ easel }) => {
  const { page, editor, prompt, send } = easel;
  const file = await pngFile('bottle.png');
  await easel.open(file);
  await easel.tool('Brush');
  for (let press = 0; press < 10; press += 1) await page.keyboard.press('[');
  await easel.drag([60, 60], [200, 60], [200, 140]);
  await easel.tool('Eraser');
  await easel.drag([130, 40], [130, 80]);
  await prompt.fill('Make it celadon');
  await send.click();

  const review = page.getByRole('group', { name: 'Review' });
  await expect(review.getByRole('radio', { name: 'Masked result' })).toBeChecked();
  const post = onlyPost(easel);
  expect(post?.files.map(({ field, mediaType }) => [field, mediaType])).toEqual([
    ['image', 'image/png'],
    ['mask', 'image/png'],
  ]);
  expect(post?.fields.map(([name]) => name).filter((name) => !API_FIELDS.has(name))).toEqual([]);
  expect(fileOf(post, 'image').equals(file.buffer)).toBe(true);
  const sent = fileOf(post, 'mask');
  expect(sent.length).toBeLessThan(4_000_000);
  const mask = await pixelsOf(sent);
  expect([mask.width, mask.height]).toEqual([256, 192]);
  const { edit, keep } = countMask(mask);
  expect([pixelAt(mask, [80, 60])[3], pixelAt(mask, [200, 120])[3]]).toEqual([0, 0]);
  expect([pixelAt(mask, [130, 60])[3], pixelAt(mask, [10, 10])[3], pixelAt(mask, [60, 140])[3]]).toEqual([
    255, 255, 255,
  ]);
  expect(edit).toBeGreaterThan(2000);

  // The share shown on the page equals the count of pixels.
  await expect(review.getByRole('status')).toHaveText(
    `Outside the mask 0 of ${keep.toLocaleString('en')} pixels changed`,
  );
  const input = await pixelsOf(file.buffer);
  const after = page.getByRole('img', { name: /^After/u });
  await expect(after).toHaveAttribute('src', /\/input\/[0-9a-f]{64}$/u);
  const strict = await pixelsOf(await easel.served(after));
  expect(difference(input, strict, mask).outside).toEqual({ changed: 0, visible: 0 });
  expect(difference(input, strict, mask).inside.visible).toBeGreaterThan(1000);

  // The original response is one click away, unchanged, with the number of changed pixels.
  await review.getByRole('radio', { name: 'Original response' }).click();
  await expect(after).toHaveAttribute('src', /\/original\/[0-9a-f-]{36}$/u);
  const raw = await easel.served(after);
  expect(raw.equals(await halfNegative(file.buffer))).toBe(true);
  const { visible, changed } = difference(input, await pixelsOf(raw), mask).outside;
  expect(visible).toBeGreaterThan(0);
  const percent = (count: number): string => `${Math.round((count / keep) * 1000) / 10}%`;
  await expect(review.getByRole('status')).toHaveText(
    `${percent(visible)} of pixels outside the mask visibly changed, ${percent(changed)} in total`,
  );

  await review.getByRole('radio', { name: 'Heat map' }).click();
  await expect(after).toHaveAttribute('src', /\/heat\/[0-9a-f-]{36}$/u);
  await expect
    .poll(() => after.evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]))
    .toEqual([256, 192]);
  expect(editor.posts()).toHaveLength(1);
});

test('a rectangle is marked and sent by keyboard, and every tool can be reached', async ({ easel }) => {
  const { page, prompt, stage } = easel;
  // Playwright intercepts dialogs only while something listens, and a key is too fast for a listener that comes with it.
  page.on('filechooser', () => undefined);
  await tabTo(page.getByRole('link', { name: 'Canvas', exact: true }));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Open an image' })).toBeVisible();
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Control+o')]);
  await chooser.setFiles(await pngFile('keys.png', 256, 192, 2));
  await expect(stage).toBeVisible();

  const tools = page.getByRole('toolbar', { name: 'Tools' }).getByRole('button');
  const names = await tools.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-label')));
  expect(names).toHaveLength(16);
  await tabTo(tools.and(page.locator('[tabindex="0"]')));
  await page.keyboard.press('Home');
  for (const name of names) {
    await expect(page.locator(':focus')).toHaveAccessibleName(name ?? '');
    await page.keyboard.press('Space');
    await expect(page.locator(':focus')).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('ArrowDown');
  }

  // One by its numbers, another one drawn with the arrows.
  await page.keyboard.press('m');
  const numbers = page.getByRole('button', { name: 'Rectangle by coordinates' });
  await tabTo(numbers);
  await page.keyboard.press('Enter');
  for (const [label, number] of Object.entries({ X: 16, Y: 8, Width: 40, Height: 24 })) {
    await tabTo(page.getByLabel(label, { exact: true }).and(page.locator('[type=number]')));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(String(number));
  }
  await page.keyboard.press('Enter');
  await tabTo(stage);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(`Shift+${key}`);
  await page.keyboard.press('Enter');

  await tabTo(prompt);
  await page.keyboard.type('A cup here');
  await page.keyboard.press('Control+Enter');
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();
  const mask = await pixelsOf(fileOf(onlyPost(easel), 'mask'));
  // 40 pixels at 100 %: the arrows go 4 at a time, with Shift ten times as far.
  expect(countMask(mask).edit).toBe(40 * 24 + 40 * 40);
  expect([pixelAt(mask, [16, 8]), pixelAt(mask, [55, 31])]).toEqual([EDIT, EDIT]);
  expect([pixelAt(mask, [15, 8]), pixelAt(mask, [16, 32])]).toEqual([KEEP, KEEP]);
  expect([pixelAt(mask, [128, 96]), pixelAt(mask, [167, 135])]).toEqual([EDIT, EDIT]);
  expect([pixelAt(mask, [127, 96]), pixelAt(mask, [168, 135])]).toEqual([KEEP, KEEP]);
});

test('a frame extended to the right sends the image on an empty canvas, and a mask of the same size', async ({
  easel,
}) => {
  const { page, prompt, send } = easel;
  const file = await pngFile('square.png', 640, 640, 3);
  await easel.open(file);
  await easel.tool('Extend');
  for (let press = 0; press < 3; press += 1) await page.keyboard.press('-');
  await easel.drag([640, 320], [1000, 320], [1280, 320]);
  await expect(page.getByRole('textbox', { name: 'Frame width' })).toHaveValue('1280');
  await prompt.fill('More of the same');
  await expect(page.getByText('Extend to the right', { exact: true })).toBeVisible();
  await expect(send).toContainText('Create 1 image');
  await send.click();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();

  const post = onlyPost(easel);
  expect(post?.files.map(({ field }) => field)).toEqual(['image', 'mask']);
  expect(Object.fromEntries(post?.fields ?? [])).toMatchObject({ size: '1280x640' });
  const image = await pixelsOf(fileOf(post, 'image'));
  expect([image.width, image.height]).toEqual([1280, 640]);
  const input = await pixelsOf(file.buffer);
  const rows = Array.from({ length: 640 }, (_none, y) => y);
  const half = (pixels: Pixels, y: number, from: number): Buffer =>
    pixels.data.subarray((y * pixels.width + from) * 4, (y * pixels.width + from + 640) * 4);
  expect(rows.filter((y) => !half(image, y, 0).equals(half(input, y, 0)))).toEqual([]);
  expect(rows.filter((y) => half(image, y, 640).some((byte, at) => at % 4 === 3 && byte !== 0))).toEqual([]);
  const mask = await pixelsOf(fileOf(post, 'mask'));
  expect([mask.width, mask.height]).toEqual([1280, 640]);
  // The seam reaches 24 pixels into the image unless the person says otherwise.
  expect(countMask(mask)).toEqual({ edit: (640 + 24) * 640, keep: (640 - 24) * 640 });
  expect([pixelAt(mask, [615, 0]), pixelAt(mask, [616, 639]), pixelAt(mask, [1279, 320])]).toEqual([KEEP, EDIT, EDIT]);
});

test('a crop cuts the image exactly, and nothing else is sent', async ({ easel }) => {
  const { page, prompt, send } = easel;
  const file = await pngFile('cut.png', 256, 192, 4);
  await easel.open(file);
  await easel.tool('Crop');
  await easel.drag([64, 32], [150, 100], [192, 128]);
  await expect(page.getByRole('textbox', { name: 'Frame width' })).toHaveValue('128');
  await expect(page.getByRole('textbox', { name: 'Frame height' })).toHaveValue('96');
  await prompt.fill('As an etching');
  await send.click();
  await page.getByRole('dialog').getByRole('button', { name: 'Edit the whole image' }).click();
  await expect(page.getByRole('radio', { name: 'Split' })).toBeChecked();
  const post = onlyPost(easel);
  expect(post?.files.map(({ field }) => field)).toEqual(['image']);
  const region = { left: 64, top: 32, width: 128, height: 96 };
  const cut = await sharp(file.buffer).extract(region).ensureAlpha().raw().toBuffer();
  const image = await pixelsOf(fileOf(post, 'image'));
  expect([image.width, image.height]).toEqual([128, 96]);
  expect(image.data.equals(cut)).toBe(true);
});

test('markup is sent as a transparent layer in place of the mask, and the mask is kept', async ({ easel }) => {
  const { page, prompt, send, stage } = easel;
  await easel.open(await pngFile('marks.png', 256, 192, 5));
  await easel.tool('Brush');
  await easel.drag([60, 150], [100, 150]);
  const share = page.getByText(/^[\d.]+% marked$/u);
  const marked = await share.textContent();
  await easel.tool('Arrow');
  await easel.drag([40, 40], [120, 40]);
  await easel.tool('Text');
  const { x, y } = await easel.at([150, 90]);
  await page.mouse.click(x, y);
  await page.getByRole('textbox', { name: /^Text mark/u }).fill('Moss');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('region', { name: 'Markup' })).toContainText('2 marks');
  await expect(page.getByText(/marks or a mask, not both\. .*Your mask is kept/u)).toBeVisible();
  await prompt.fill('As it is marked');
  await expect(page.getByText('Edit as marked up', { exact: true })).toBeVisible();
  await send.click();
  await expect(page.getByRole('radio', { name: 'Split' })).toBeChecked();

  const post = onlyPost(easel);
  expect(post?.files.map(({ field, mediaType }) => [field, mediaType])).toEqual([
    ['image', 'image/png'],
    ['markup', 'image/png'],
  ]);
  const layer = await pixelsOf(fileOf(post, 'markup'));
  expect([layer.width, layer.height]).toEqual([256, 192]);
  // An arrow that lies flat bends a tenth of its length upwards.
  expect(pixelAt(layer, [80, 32])).toEqual([0xe2, 0x3b, 0x2e, 255]);
  expect([pixelAt(layer, [5, 5])[3], pixelAt(layer, [80, 150])[3], pixelAt(layer, [40, 80])[3]]).toEqual([0, 0, 0]);
  const written = Array.from({ length: 256 * 192 }, (_none, at) => [at % 256, Math.floor(at / 256)] as const).filter(
    ([across, down]) => across > 140 && down > 80 && pixelAt(layer, [across, down])[3] === 255,
  );
  expect(written.length).toBeGreaterThan(100);

  await page.getByRole('treeitem', { name: /^Original/u }).click();
  await expect(stage).toHaveAccessibleName('Image on the stage: Original');
  await easel.tool('Brush');
  await expect(share).toHaveText(marked ?? '');
});

test('references are sent after the canvas image in the order set by keyboard, with a note in the prompt', async ({
  easel,
}) => {
  const { page, prompt, send } = easel;
  const files = await Promise.all([
    pngFile('stage.png', 256, 192, 6),
    pngFile('glaze.png', 64, 64, 7),
    pngFile('leaf.png', 64, 48, 8),
  ]);
  const [stage, glaze, leaf] = files.map(({ buffer }) => buffer);
  await easel.open(files[0]);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add images from files' }).click(),
  ]);
  await chooser.setFiles(files.slice(1));
  const tile = (place: number, name: string) => page.getByRole('button', { name: `Reference ${place} of 3: ${name}` });
  await expect(tile(2, 'glaze.png')).toBeVisible();
  await tile(3, 'leaf.png').press('Alt+ArrowLeft');
  await expect(tile(2, 'leaf.png')).toBeFocused();
  // The canvas image stays first.
  await page.keyboard.press('Alt+ArrowLeft');
  await page.keyboard.press('Alt+Home');
  await tile(1, 'stage.png').press('Alt+ArrowRight');
  await tile(1, 'stage.png').press('Delete');
  await expect(tile(2, 'leaf.png')).toBeVisible();
  await tile(3, 'glaze.png').click();
  await page.getByRole('textbox', { name: 'What image 3 is for' }).fill('the glaze');
  await easel.tool('Rectangle');
  await easel.drag([20, 20], [90, 90]);
  await prompt.fill('A leaf on the bottle');
  await send.click();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();

  const post = onlyPost(easel);
  const images = post?.files.filter(({ field }) => field === 'image[]').map(({ bytes }) => bytes) ?? [];
  expect(images).toEqual([stage, leaf, glaze]);
  expect(post?.files.map(({ field }) => field).at(-1)).toBe('mask');
  const fields = Object.fromEntries(post?.fields ?? []);
  expect(fields['prompt']).toBe('A leaf on the bottle\n\nImage 3: the glaze');
});

test('an empty mask and a full mask need confirmation, and a click sends once', async ({ easel }) => {
  const { page, editor, prompt, send } = easel;
  await easel.open(await pngFile('asked.png', 256, 192, 9));
  await prompt.fill('At dusk');
  await send.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('Edit the whole image?');
  await dialog.getByRole('button', { name: 'Keep marking' }).click();
  await expect(dialog).toBeHidden();
  await send.click();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  expect(editor.posts()).toEqual([]);

  await easel.tool('Brush');
  await page.getByRole('button', { name: 'More mask options' }).click();
  await page.getByRole('group', { name: 'Whole mask' }).getByRole('button', { name: 'Fill' }).click();
  await page.keyboard.press('Escape');
  await send.click();
  await expect(dialog).toContainText('The mask covers the whole image');
  expect(editor.posts()).toEqual([]);
  await dialog.getByRole('button', { name: 'Edit the whole image' }).dblclick();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();
  expect(countMask(await pixelsOf(fileOf(onlyPost(easel), 'mask')))).toEqual({ edit: 256 * 192, keep: 0 });
  await expect(page.getByRole('group', { name: 'Review' }).getByRole('status')).toHaveText('Whole image masked');

  await page.getByRole('treeitem', { name: /^Original/u }).click();
  await page.getByRole('button', { name: 'Undo Fill' }).click();
  await send.click();
  await dialog.getByRole('button', { name: 'Edit the whole image' }).click();
  await expect.poll(() => editor.posts().length).toBe(2);
  await expect(page.getByRole('radio', { name: 'Split' })).toBeChecked();
  expect(editor.posts()[1]?.files.map(({ field }) => field)).toEqual(['image']);

  await page.getByRole('treeitem', { name: /^Original/u }).click();
  await easel.tool('Rectangle');
  await easel.drag([20, 20], [90, 90]);
  await send.dblclick();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();
  expect(editor.posts()).toHaveLength(3);
});

test('a connection that breaks during a job loses no work, and only the person sends it again', async ({ easel }) => {
  const { page, editor, prompt, send } = easel;
  await easel.open(await pngFile('broken.png', 256, 192, 10));
  await easel.tool('Ellipse');
  await easel.drag([60, 40], [180, 140]);
  const share = page.getByText(/^[\d.]+% marked$/u);
  const marked = await share.textContent();
  await prompt.fill('A moon');
  editor.answerNext({ body: ['{"data":[', { destroy: 'reset' }] });
  await send.click();
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('The connection was lost before the response finished.');
  await expect(notice).toContainText(/may have been billed/u);
  await expect(prompt).toHaveValue('A moon');
  await expect(share).toHaveText(marked ?? '');
  expect(editor.posts()).toHaveLength(1);

  await notice.getByRole('button', { name: 'Retry as a new request' }).click();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();
  const [first, again, ...more] = editor.posts();
  expect(more).toEqual([]);
  expect(fileOf(again, 'mask')).toEqual(fileOf(first, 'mask'));
  await expect(notice).toBeHidden();
});

/** Counts pixels that differ between two images outside and inside a mask: `changed` by any amount, `visible` by more than 8 of 255. */
function difference(one: Pixels, other: Pixels, mask: Pixels) {
  const counts = { outside: { changed: 0, visible: 0 }, inside: { changed: 0, visible: 0 } };
  expect([other.width, other.height]).toEqual([one.width, one.height]);
  for (let at = 0; at < one.data.length; at += 4) {
    const apart = [0, 1, 2, 3].map((channel) =>
      Math.abs((one.data[at + channel] ?? 0) - (other.data[at + channel] ?? 0)),
    );
    const part = mask.data[at + 3] === 0 ? counts.inside : counts.outside;
    const max = Math.max(...apart);
    if (max > 0) part.changed += 1;
    if (max > 8) part.visible += 1;
  }
  return counts;
}

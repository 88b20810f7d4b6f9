import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, grain, pixelAt, pixelsOf, pngFile, test, type Easel, type OpenedFile } from './canvas-easel.ts';
import { STACK } from './journey.ts';

const named = (name: string, mimeType: string, buffer: Buffer): OpenedFile => ({ name, mimeType, buffer });

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A small file whose header declares 400 million pixels. */
function gigantic(): Buffer {
  const header = Buffer.from([0, 0, 78, 32, 0, 0, 78, 32, 8, 2, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const parts = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(64))), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([signature, ...parts]);
}

test('a file that is not an image is refused with a message, and another one can be opened', async ({
  easel,
  complaints,
}) => {
  const { page, stage } = easel;
  const whole = await pngFile('cut-off.png', 256, 192, 40);
  const refused: [file: OpenedFile, sentence: RegExp][] = [
    [named('empty.png', 'image/png', Buffer.alloc(0)), /is empty|Not a supported image/u],
    [named('letter.png', 'image/png', Buffer.from('Dear all,\nthis is a letter.')), /Not a supported image/u],
    [{ ...whole, buffer: whole.buffer.subarray(0, whole.buffer.length / 2) }, /damaged or incomplete/u],
    [named('vast.png', 'image/png', gigantic()), /20000 × 20000; the limit is 100 million pixels/u],
  ];
  for (const [file, sentence] of refused) {
    await easel.open(file);
    const alert = page.getByRole('alert');
    await expect(alert).toContainText(sentence);
    await expect(alert).toContainText('Nothing was added.');
    await expect(alert).not.toContainText(STACK);
    await alert.getByRole('button', { name: 'Dismiss' }).click();
  }
  await easel.open(whole);
  await expect(stage).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  // The browser's own note of each refusal.
  expect(complaints.splice(0)).toEqual(refused.map(() => expect.stringContaining('422')));
});

/** Marks a part, sends it and waits for the result. @returns the sent files by field name */
async function markAndSend(easel: Easel): Promise<Record<string, Buffer>> {
  const { page, editor, prompt, send } = easel;
  editor.forget();
  await easel.tool('Rectangle');
  await easel.drag([16, 16], [80, 60]);
  await prompt.fill('Softer');
  await send.click();
  await expect(page.getByRole('group', { name: 'Review' }).getByRole('status')).toHaveText(/^Outside the mask 0 of/u);
  const [post, ...more] = editor.posts();
  expect(more).toEqual([]);
  await page.getByRole('button', { name: 'New draft' }).click();
  return Object.fromEntries((post?.files ?? []).map(({ field, bytes }) => [field, bytes]));
}

test('16-bit, CMYK, rotated and animated images are shown as other programs show them, with a mask of the same size', async ({
  easel,
}) => {
  const { page, stage } = easel;
  const raw = { width: 192, height: 128, channels: 3 } as const;
  const still = sharp(grain(192, 128, 41), { raw });
  const seen = async (): Promise<number[]> =>
    stage
      .locator('.image img')
      .evaluate((image: HTMLImageElement) => image.decode().then(() => [image.naturalWidth, image.naturalHeight]));

  const deep = await still.clone().toColourspace('rgb16').png().toBuffer();
  await easel.open(named('deep.png', 'image/png', deep));
  expect(await seen()).toEqual([192, 128]);
  const first = await markAndSend(easel);
  expect((await sharp(first['image']).metadata()).width).toBe(192);
  expect(await sharp(first['mask']).metadata()).toMatchObject({ width: 192, height: 128, channels: 4 });

  const inked = await still.clone().toColourspace('cmyk').jpeg().toBuffer();
  await easel.open(named('inked.jpg', 'image/jpeg', inked));
  expect(await seen()).toEqual([192, 128]);
  const second = await markAndSend(easel);
  expect(await sharp(second['mask']).metadata()).toMatchObject({ width: 192, height: 128, channels: 4 });

  // Its top left corner is seen at the top right.
  const corner = {
    input: { create: { width: 64, height: 64, channels: 3 as const, background: '#f00' } },
    left: 0,
    top: 0,
  };
  const turned = await sharp(await still.clone().composite([corner]).png().toBuffer())
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 100 })
    .toBuffer();
  await easel.open(named('turned.jpg', 'image/jpeg', turned));
  expect(await seen()).toEqual([128, 192]);
  const third = await markAndSend(easel);
  const upright = await sharp(third['image']).metadata();
  expect([upright.width, upright.height, upright.orientation ?? 1]).toEqual([128, 192, 1]);
  const [red = 0, green = 255] = pixelAt(await pixelsOf(third['image'] ?? Buffer.alloc(0)), [112, 16]);
  expect(red).toBeGreaterThan(200);
  expect(green).toBeLessThan(60);
  const mask = await pixelsOf(third['mask'] ?? Buffer.alloc(0));
  expect([mask.width, mask.height]).toEqual([128, 192]);
  expect([pixelAt(mask, [20, 20])[3], pixelAt(mask, [112, 16])[3]]).toEqual([0, 255]);

  const frames = Buffer.concat(['#c03020', '#2040c0'].map((colour) => plain(colour, 96 * 64)));
  const moving = await sharp(frames, { raw: { width: 96, height: 128, channels: 3, pageHeight: 64 } })
    .gif({ delay: [50, 50], loop: 0 })
    .toBuffer();
  await easel.open(named('moving.gif', 'image/gif', moving));
  expect(await seen()).toEqual([96, 64]);
  const fourth = await markAndSend(easel);
  const frame = await pixelsOf(fourth['image'] ?? Buffer.alloc(0));
  expect([frame.width, frame.height]).toEqual([96, 64]);
  expect(pixelAt(frame, [90, 5])).toEqual([0xc0, 0x30, 0x20, 255]);
  await expect(page.getByRole('alert')).toHaveCount(0);
});

function plain(colour: string, pixels: number): Buffer {
  return Buffer.concat(Array.from({ length: pixels }, () => Buffer.from(colour.slice(1), 'hex')));
}

test('an image larger than models accept is offered scaled down, and the file is unchanged', async ({ easel }) => {
  const { page, stage } = easel;
  const wide = await sharp({ create: { width: 4000, height: 400, channels: 3, background: '#765' } })
    .png()
    .toBuffer();
  await easel.open(named('wide.png', 'image/png', wide));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('wide.png is 4000 × 400');
  await dialog.getByRole('button', { name: 'Scale to 3840 × 384' }).click();
  const image = stage.locator('.image img');
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(3840);
  await page.getByRole('button', { name: 'New draft' }).click();
  await easel.open(named('wide.png', 'image/png', wide));
  await dialog.getByRole('button', { name: 'Open at full size' }).click();
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(4000);
});

test('a mask from a file is accepted, needs a choice or is refused with a message', async ({ easel }) => {
  const { page } = easel;
  await easel.open(await pngFile('masked.png', 256, 192, 42));
  await easel.tool('Brush');
  const share = page.getByText(/^(?:[\d.]+% marked|Nothing marked)$/u);
  const load = async (file: OpenedFile): Promise<void> => {
    await page.getByRole('button', { name: 'More mask options' }).click();
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Load from a file' }).click(),
    ]);
    await chooser.setFiles(file);
  };
  const fault = page.getByRole('alert');
  const refuse = async (file: OpenedFile, sentence: RegExp): Promise<void> => {
    await load(file);
    await expect(fault).toContainText(sentence);
    await expect(fault).toContainText('Your mask is unchanged.');
    await fault.getByRole('button', { name: 'Dismiss' }).click();
    await expect(share).toHaveText('Nothing marked');
  };

  await refuse(named('none.png', 'image/png', Buffer.alloc(0)), /none\.png isn’t a supported image/u);
  // A photo may be meant: it is asked about.
  await load({ ...(await pngFile('photo.png', 256, 192, 43)), name: 'photo.png' });
  const doubt = page.getByRole('dialog', { name: 'Use photo.png as the mask?' });
  await expect(doubt).toContainText('This looks like a photo, not a mask.');
  await doubt.getByRole('button', { name: 'Cancel' }).click();
  await expect(share).toHaveText('Nothing marked');
  await refuse(named('black.png', 'image/png', await halves('#000000', 0)), /doesn’t mark anything/u);

  await load(named('small.png', 'image/png', await halves('#ffffff', 64, 128, 96)));
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('small.png is 128 × 96');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(share).toHaveText('Nothing marked');
  await load(named('small.png', 'image/png', await halves('#ffffff', 64, 128, 96)));
  await dialog.getByRole('button', { name: 'Scale mask' }).click();
  await expect(share).toHaveText('50% marked');
  await page.getByRole('button', { name: 'Undo Load mask' }).click();

  // Without an alpha channel, white says where to edit.
  await load(named('white.png', 'image/png', await halves('#ffffff', 64)));
  await expect(share).toHaveText('25% marked');
  await expect(fault).toHaveCount(0);
});

/** A black image without alpha channel whose left columns have another colour. */
async function halves(colour: string, part: number, width = 256, height = 192): Promise<Buffer> {
  const left = {
    input: { create: { width: Math.max(1, part), height, channels: 3 as const, background: colour } },
    left: 0,
    top: 0,
  };
  return sharp({ create: { width, height, channels: 3, background: '#000' } })
    .composite(part > 0 ? [left] : [])
    .png()
    .toBuffer();
}

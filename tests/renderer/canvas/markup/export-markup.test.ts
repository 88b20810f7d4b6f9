import { expect, test } from 'vitest';
import '../../../../renderer/app.css';
import { exportMarkup } from '../../../../renderer/canvas/markup/export-markup.ts';
import { pathOf } from '../../../../renderer/canvas/markup/mark-path.ts';
import { fontOf } from '../../../../renderer/canvas/markup/mark-text.ts';
import type { Mark } from '../../../../renderer/canvas/document/mark.ts';
import { ARROW, BOX, CIRCLE, MARKS, PEN, TEXT } from './marks.ts';

const SIZE = { width: 320, height: 280 };

interface Layer {
  width: number;
  height: number;
  /** Red, green, blue and alpha at a place. */
  at(x: number, y: number): number[];
  /** How many pixels are not wholly transparent, in all or below a line. */
  inked(from?: number): number;
}

async function read(file: Blob): Promise<Layer> {
  expect(file.type).toBe('image/png');
  const image = await createImageBitmap(file, { premultiplyAlpha: 'none', colorSpaceConversion: 'none' });
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('No canvas.');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const at = (x: number, y: number): number[] => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
  const inked = (from = 0): number =>
    data.filter((value, index) => index % 4 === 3 && value > 0 && index >= from * width * 4).length;
  return { width, height, at, inked };
}

const RED = [0xe2, 0x3b, 0x2e, 255];

test('the layer is of exactly the image’s size, coloured where marks are and transparent elsewhere', async () => {
  const layer = await read(await exportMarkup(MARKS, SIZE));
  expect([layer.width, layer.height]).toEqual([320, 280]);
  expect(layer.at(200, 50)).toEqual(RED);
  expect(layer.at(200, 140)).toEqual([0x2f, 0x6f, 0xe4, 255]);
  expect(layer.at(80, 138)).toEqual(RED);
  expect(layer.at(65, 60)).toEqual(RED);
  for (const [x, y] of [
    [0, 0],
    [240, 50],
    [319, 279],
    [160, 100],
  ] as const) {
    expect(layer.at(x, y)[3]).toBe(0);
  }
  expect(layer.inked(200)).toBeGreaterThan(200);
});

test('a frame moves the marks with its corner, and cuts them', async () => {
  const frame = { left: -40, top: 10, width: 280, height: 64 };
  const layer = await read(await exportMarkup([BOX], SIZE, frame));
  expect([layer.width, layer.height]).toEqual([280, 64]);
  expect(layer.at(240, 40)).toEqual(RED);
  expect(layer.at(200, 40)[3]).toBe(0);
});

test('scaled, it has the size that it is scaled to', async () => {
  const layer = await read(await exportMarkup([BOX], SIZE, null, { width: 160, height: 140 }));
  expect([layer.width, layer.height]).toEqual([160, 140]);
  expect(layer.at(100, 25)).toEqual(RED);
});

test('no marks are an empty layer of the same size', async () => {
  const layer = await read(await exportMarkup([], SIZE));
  expect([layer.width, layer.height, layer.inked()]).toEqual([320, 280, 0]);
});

test('fonts are loaded first: a text is drawn in the page’s font', async () => {
  const first = await read(await exportMarkup([TEXT], SIZE));
  expect(document.fonts.check(fontOf(30), 'two')).toBe(true);
  expect([...document.fonts].some(({ family, status }) => family.includes('Inter') && status === 'loaded')).toBe(true);
  const again = await read(await exportMarkup([TEXT], SIZE));
  expect(again.inked()).toBe(first.inked());
});

test('the stage and the layer draw the same: an SVG of the paths covers the same pixels', async () => {
  const lines = [PEN, ARROW, BOX, CIRCLE].map((mark) => {
    const line = mark as Exclude<Mark, { kind: 'text' }>;
    return `<path d="${pathOf(line)}" stroke="${line.colour}" stroke-width="${line.width}" fill="none" stroke-linecap="round" stroke-linejoin="round"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="280">${lines.join('')}</svg>`;
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await image.decode();
  const canvas = new OffscreenCanvas(320, 280);
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  URL.revokeObjectURL(image.src);
  const [stage, layer] = [
    await read(await canvas.convertToBlob()),
    await read(await exportMarkup([PEN, ARROW, BOX, CIRCLE], SIZE)),
  ];
  let off = 0;
  for (let y = 0; y < 280; y += 1) {
    for (let x = 0; x < 320; x += 1) {
      if (Math.abs((stage.at(x, y)[3] ?? 0) - (layer.at(x, y)[3] ?? 0)) > 64) off += 1;
    }
  }
  expect(off).toBe(0);
});

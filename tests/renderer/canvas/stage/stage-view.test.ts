import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import '../../../../renderer/app.css';
import { CanvasDocument } from '../../../../renderer/canvas/document/CanvasDocument.svelte.ts';
import { ToolBox } from '../../../../renderer/canvas/stage/ToolBox.svelte.ts';
import type { Camera } from '../../../../renderer/stage/camera.ts';
import {
  density,
  drag,
  drawn,
  fingers,
  hoverAt,
  moveTo,
  press,
  release,
  type Place,
} from '../../stage/real-pointer.ts';
import StageHarness from './StageHarness.svelte';
import { imageOf } from '../tools/tool-context.ts';

beforeEach(async () => {
  localStorage.clear();
  await page.viewport(900, 600);
});
afterEach(() => density(0));

/** An image of two halves, red and blue. */
async function imageUrl(width: number, height: number): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no canvas.');
  context.fillStyle = '#c03020';
  context.fillRect(0, 0, width, height);
  context.fillStyle = '#2040c0';
  context.fillRect(width / 2, 0, width / 2, height);
  return URL.createObjectURL(await canvas.convertToBlob());
}

interface MountOptions {
  camera?: Camera | null;
  width?: number;
  height?: number;
  onloadmask?: (from: 'file' | 'image') => void;
}

async function mount({ camera = null, width = 400, height = 300, onloadmask }: MountOptions = {}) {
  const document = new CanvasDocument(imageOf(width, height), { onsteps: () => undefined });
  const toolBox = new ToolBox();
  toolBox.settings.brushSize = 20;
  toolBox.settings.softness = 0;
  const src = await imageUrl(width, height);
  const screen = await render(StageHarness, { document, toolBox, src, camera, ...(onloadmask ? { onloadmask } : {}) });
  const stage = page.getByRole('application');
  await expect.element(stage).toBeVisible();
  const image = (): HTMLImageElement => screen.container.querySelector('img') as HTMLImageElement;
  await expect.poll(() => image().complete).toBe(true);
  await drawn();
  return {
    document,
    toolBox,
    screen,
    stage,
    image,
    camera: () => JSON.parse(screen.container.querySelector('main')?.dataset['camera'] ?? 'null') as Camera,
    /** The place of the page where a place of the image is seen. */
    at: (x: number, y: number): Place => {
      const box = image().getBoundingClientRect();
      return { x: box.left + (x / width) * box.width, y: box.top + (y / height) * box.height };
    },
    covers: (x: number, y: number): boolean => (document.mask.coverage[y * width + x] ?? 0) >= 128,
    names: () => document.steps.map(({ name }) => name),
  };
}

describe('the image', () => {
  test('is fitted and never enlarged, on whole device pixels', async () => {
    const { image, camera } = await mount();
    expect(camera().scale).toBe(1);
    const { left, top, width } = image().getBoundingClientRect();
    expect([width, left % 1, top % 1]).toEqual([400, 0, 0]);
    expect(getComputedStyle(image()).imageRendering).toBe('auto');
  });

  test('is sharp on a dense screen, and shows single pixels from 200 % on', async () => {
    await density(1.5);
    const { image, camera } = await mount({ camera: { scale: 2, centre: { x: 200.3, y: 150.7 } } });
    const { left, top, width } = image().getBoundingClientRect();
    expect(width).toBeCloseTo((400 * 2) / 1.5, 1);
    for (const edge of [left, top]) expect(Math.abs(edge * 1.5 - Math.round(edge * 1.5))).toBeLessThan(0.05);
    expect(getComputedStyle(image()).imageRendering).toBe('pixelated');
    expect(camera()).toEqual({ scale: 2, centre: { x: 200.3, y: 150.7 } });
  });

  test('stays fitted when the window changes, until the camera is moved', async () => {
    const { camera, screen } = await mount({ width: 2000, height: 1500 });
    const first = camera().scale;
    const main = screen.container.querySelector('main') as HTMLElement;
    main.style.width = '600px';
    await expect.poll(() => camera().scale).toBeLessThan(first);
    await page.getByRole('button', { name: 'Zoom in' }).click();
    const { scale } = camera();
    main.style.width = '900px';
    await drawn();
    expect(camera().scale).toBe(scale);
    await page.getByRole('button', { name: 'Fit' }).click();
    expect(camera().scale).toBe(first);
  });

  test('zooms by keys and buttons, from 1 % to 3200 %', async () => {
    const { camera, stage } = await mount();
    (stage.element() as HTMLElement).focus();
    await userEvent.keyboard('+');
    expect(camera().scale).toBe(1.5);
    for (let press = 0; press < 12; press += 1) await userEvent.keyboard('+');
    expect(camera().scale).toBe(32);
    await expect.element(page.getByRole('button', { name: 'Zoom in' })).toBeDisabled();
    await userEvent.keyboard('1');
    expect(camera().scale).toBe(1);
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await expect.element(page.getByRole('button', { name: '67%, zoom to 100%' })).toBeVisible();
    await userEvent.keyboard('0');
    expect(camera().scale).toBe(1);
  });
});

test.each([1, 1.5, 2])('the mask lies on its pixels where one of CSS has %s', async (dpr) => {
  await density(dpr);
  const { at, document, screen, stage, toolBox } = await mount({ camera: { scale: 2, centre: { x: 200, y: 150 } } });
  const rect = { left: 180, top: 140, width: 40, height: 20 };
  document.commit({ layer: 'mask', name: 'Rectangle', op: { kind: 'rectangle', combine: 'add', rect } });
  await drawn();
  const canvas = screen.container.querySelector('canvas.mask') as HTMLCanvasElement;
  const box = canvas.getBoundingClientRect();
  const view = stage.element().getBoundingClientRect();
  expect([Math.round(box.width), Math.round(box.height)]).toEqual([Math.round(view.width), Math.round(view.height)]);
  expect(canvas.width).toBe(Math.round(view.width * dpr));
  const inked = (x: number, y: number): boolean => {
    const place = at(x, y);
    const [left, top] = [(place.x - box.left) * dpr, (place.y - box.top) * dpr];
    return (canvas.getContext('2d')?.getImageData(left, top, 1, 1).data[3] ?? 0) > 0;
  };
  expect([inked(182, 142), inked(218, 158), inked(176, 150), inked(224, 150)]).toEqual([true, true, false, false]);
  toolBox.settings.maskShown = false;
  await drawn();
  expect(getComputedStyle(canvas).visibility).toBe('hidden');
});

test('only an image with transparency has a checkerboard', async () => {
  const { screen } = await mount();
  const board = () => getComputedStyle(screen.container.querySelector('.image') as HTMLElement).backgroundImage;
  expect(board()).toBe('none');
  const image = imageOf(400, 300, { hasAlpha: true });
  await screen.rerender({
    document: new CanvasDocument(image, { onsteps: () => undefined }),
  });
  expect(board()).toContain('conic-gradient');
});

test('a missing file is reported', async () => {
  const { screen } = await mount();
  await screen.rerender({ src: 'data:image/png;base64,AAAA' });
  await expect.element(page.getByRole('alert')).toMatchTextContent(/missing from the library folder/u);
});

describe('drawing', () => {
  test.each([
    ['at 25 % on a plain screen', 0.25, 1],
    ['at 100 % on a dense screen', 1, 2],
    ['at 400 % on one half as dense again', 4, 1.5],
  ])('%s marks what is under the pointer', async (_words, scale, dpr) => {
    await density(dpr);
    const { at, covers, names } = await mount({ camera: { scale, centre: { x: 200, y: 150 } } });
    await drag([at(190, 150), at(210, 150)]);
    expect(names()).toEqual(['Brush']);
    expect([covers(190, 150), covers(200, 150), covers(209, 150)]).toEqual([true, true, true]);
    expect([covers(200, 165), covers(170, 150), covers(230, 150)]).toEqual([false, false, false]);
  });

  test('Escape cancels a stroke, and losing the focus keeps it', async () => {
    const { at, names, document, toolBox } = await mount();
    await press(at(100, 100));
    await moveTo(at(150, 100));
    await drawn();
    expect(document.mask.marked).toBeGreaterThan(0);
    await userEvent.keyboard('{Escape}');
    expect(document.mask.marked).toBe(0);
    expect(toolBox.announcement).toBe('Cancelled.');
    await moveTo(at(200, 100));
    await release(at(200, 100));
    expect([names(), document.mask.marked]).toEqual([[], 0]);
    await press(at(100, 100));
    await moveTo(at(150, 100));
    window.dispatchEvent(new Event('blur'));
    await release(at(150, 100));
    expect(names()).toEqual(['Brush']);
  });

  test("two fingers cancel the first one's stroke, and zoom", async () => {
    const { at, names, document, camera } = await mount();
    await fingers('touchStart', [at(100, 100)]);
    await fingers('touchStart', [at(100, 100), at(200, 100)]);
    await fingers('touchMove', [at(50, 100), at(250, 100)]);
    await fingers('touchEnd', []);
    await drawn();
    expect([names(), document.mask.marked]).toEqual([[], 0]);
    expect(camera().scale).toBeCloseTo(2, 1);
  });

  test('Space pans while held', async () => {
    const { at, names, camera, stage } = await mount();
    (stage.element() as HTMLElement).focus();
    await hoverAt(at(100, 100));
    await userEvent.keyboard('{ >}');
    expect(getComputedStyle(stage.element()).cursor).toBe('grab');
    await drag([at(100, 100), at(160, 100)]);
    await userEvent.keyboard('{/ }');
    expect([names(), camera().centre.x]).toEqual([[], 140]);
    await drag([at(100, 100), at(120, 100)]);
    expect(names()).toEqual(['Brush']);
  });

  test('the pen’s other end erases', async () => {
    const { at, document, stage, names, toolBox } = await mount();
    document.commit({ layer: 'mask', name: 'Fill', op: { kind: 'fill' } });
    // Chromium’s own test events cannot turn a pen round.
    const { x, y } = at(100, 100);
    const pen = { pointerType: 'pen', clientX: x, clientY: y, pressure: 1, bubbles: true, pointerId: 77 } as const;
    stage.element().dispatchEvent(new PointerEvent('pointerdown', { ...pen, button: 5, buttons: 32 }));
    expect(toolBox.name).toBe('eraser');
    stage.element().dispatchEvent(new PointerEvent('pointerup', { ...pen, button: 5 }));
    expect([names(), toolBox.name]).toEqual([['Fill', 'Eraser'], 'brush']);
  });

  test('a polygon follows the pointer between its corners', async () => {
    const { at, toolBox, names } = await mount();
    toolBox.choose('polygon');
    for (const [x, y] of [
      [50, 50],
      [150, 50],
      [150, 120],
    ] as const) {
      await drag([at(x, y)]);
    }
    await hoverAt(at(80, 130));
    expect(toolBox.current?.preview).toMatchObject({ points: { length: 4 } });
    await userEvent.keyboard('{Enter}');
    expect(names()).toEqual(['Polygon']);
  });

  test('a finger adds a corner when lifted: zooming with two adds and loses none', async () => {
    const { at, toolBox } = await mount();
    toolBox.choose('polygon');
    const corners = (): number => {
      const preview = toolBox.current?.preview;
      return preview?.kind === 'path' ? preview.points.length : 0;
    };
    await fingers('touchStart', [at(50, 50)]);
    await fingers('touchEnd', []);
    const one = corners();
    expect(one).toBeGreaterThan(0);
    await fingers('touchStart', [at(100, 100)]);
    await fingers('touchStart', [at(100, 100), at(200, 100)]);
    await fingers('touchEnd', []);
    expect(corners()).toBe(one);
  });

  test('opening another image completes what was started on the previous one', async () => {
    const { at, toolBox, names, screen } = await mount();
    await press(at(100, 100));
    await moveTo(at(150, 100));
    const next = new CanvasDocument(imageOf(200, 200), { onsteps: () => undefined });
    await screen.rerender({ document: next, src: await imageUrl(200, 200) });
    await release(at(150, 100));
    expect([names(), next.steps.length, toolBox.busy]).toEqual([['Brush'], 0, false]);
  });

  test('marks and the frame are edited on the same stage', async () => {
    const { at, toolBox, names, stage } = await mount();
    toolBox.choose('arrow');
    await drag([at(50, 50), at(120, 90)]);
    expect(names()).toEqual(['Arrow']);
    await expect.element(stage.getByRole('list', { name: 'Marks' }).getByRole('listitem')).toBeInTheDocument();
    toolBox.choose('crop');
    await expect.element(stage.getByRole('group', { name: 'Crop frame' })).toBeInTheDocument();
    await expect.element(page.getByRole('group', { name: 'Crop options' })).toBeVisible();
  });

  test('one click marks a colour of the image', async () => {
    const { at, toolBox, covers, document } = await mount();
    toolBox.choose('similar');
    await drag([at(50, 50)]);
    expect([covers(10, 10), covers(250, 10), document.mask.marked]).toEqual([true, false, 200 * 300]);
  });
});

describe('the cursor', () => {
  test('is a ring of the brush’s size, with a second one for softness; a tiny brush has a crosshair', async () => {
    const { at, toolBox, screen, stage } = await mount();
    toolBox.settings.softness = 0.5;
    await hoverAt(at(100, 100));
    const rings = () =>
      [...screen.container.querySelectorAll('svg.guides circle')].map((ring) => Number(ring.getAttribute('r')));
    await expect.poll(() => new Set(rings())).toEqual(new Set([10, 5]));
    expect(getComputedStyle(stage.element()).cursor).toBe('none');
    toolBox.settings.brushSize = 3;
    await expect.poll(rings).toEqual([]);
    expect(getComputedStyle(stage.element()).cursor).toBe('crosshair');
    toolBox.choose('hand');
    await expect.poll(() => getComputedStyle(stage.element()).cursor).toBe('grab');
  });
});

describe('by keyboard alone', () => {
  test('arrows move a cursor, Enter starts and ends a stroke', async () => {
    const { stage, names, covers, toolBox } = await mount();
    (stage.element() as HTMLElement).focus();
    await userEvent.keyboard('{Enter}');
    expect(toolBox.announcement).toBe('Cursor at 200, 150. Arrow keys move it, Enter draws.');
    await userEvent.keyboard('{Enter}{Shift>}{ArrowRight}{/Shift}{ArrowRight}{Enter}');
    expect(names()).toEqual(['Brush']);
    expect([covers(200, 150), covers(240, 150), covers(260, 150), covers(200, 170)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(toolBox.announcement).toMatch(/^Brush\. [\d.]+% marked/u);
    await userEvent.keyboard(' {ArrowDown}{Escape}');
    expect(names()).toEqual(['Brush']);
  });

  test('a rectangle and a polygon', async () => {
    const { stage, toolBox, document, names } = await mount();
    (stage.element() as HTMLElement).focus();
    await userEvent.keyboard('m{Enter}{Enter}{Shift>}{ArrowRight}{ArrowDown}{/Shift}{Enter}');
    expect([names(), document.mask.marked]).toEqual([['Rectangle'], 1600]);
    document.undo();
    await userEvent.keyboard('p {Shift>}{ArrowLeft}{/Shift} {Shift>}{ArrowUp}{/Shift} ');
    expect(toolBox.announcement).toBe('Corner 3.');
    await userEvent.keyboard('{Enter}');
    expect([names(), document.mask.marked > 700]).toEqual([['Polygon'], true]);
  });

  test('a read-only document is only looked at: no tool, key or command changes it', async () => {
    const { toolBox, stage, document } = await mount();
    document.commit({ layer: 'mask', name: 'Fill', op: { kind: 'fill' } });
    document.unreadable = 1;
    await stage.click();
    expect(toolBox.name).toBe('hand');
    await userEvent.keyboard('bi{Enter}{Enter}{ArrowRight}{Enter}');
    expect(toolBox.name).toBe('hand');
    expect(toolBox.maskContext).toBeNull();
    expect(document.steps).toHaveLength(1);
  });

  test('a shortcut does not choose a disabled tool, and announces why', async () => {
    const { toolBox, stage } = await mount();
    toolBox.disabled = { arrow: 'Not supported by gpt-image-2' };
    await stage.click();
    await userEvent.keyboard('a');
    expect([toolBox.chosen, toolBox.announcement]).toEqual(['brush', 'Arrow: Not supported by gpt-image-2.']);
    await userEvent.keyboard('m');
    expect(toolBox.chosen).toBe('rectangle');
  });

  test('letters choose tools, brackets change the brush; fields keep their keys', async () => {
    const { toolBox, document } = await mount();
    await userEvent.keyboard('e]');
    expect([toolBox.chosen, toolBox.settings.brushSize]).toEqual(['eraser', 23]);
    await userEvent.keyboard('}i\\');
    expect([toolBox.settings.softness, document.mask.marked, toolBox.settings.maskShown]).toEqual([
      0.1,
      120_000,
      false,
    ]);
    await page.getByRole('spinbutton', { name: 'Size in pixels, number' }).click();
    await userEvent.keyboard('b');
    expect(toolBox.chosen).toBe('eraser');
  });

  test('a rectangle by coordinates; one outside the image is refused with a reason', async () => {
    const { names, document } = await mount();
    await page.getByRole('button', { name: 'Rectangle by coordinates' }).click();
    const fields = page.getByRole('dialog');
    for (const [name, value] of [
      ['X', '10'],
      ['Y', '20'],
      ['Width', '30'],
      ['Height', '0'],
    ] as const) {
      await fields.getByRole('spinbutton', { name, exact: true }).fill(value);
    }
    await fields.getByRole('button', { name: 'Add to mask' }).click();
    await expect.element(fields.getByRole('alert')).toMatchTextContent(/400 × 300/u);
    await fields.getByRole('spinbutton', { name: 'Height' }).fill('40');
    await userEvent.keyboard('{Enter}');
    await expect.poll(names).toEqual(['Rectangle']);
    expect(document.mask.marked).toBe(1200);
  });
});

describe('the rail and the bar', () => {
  test('the rail is a toolbar with one tab stop', async () => {
    const { toolBox } = await mount();
    const rail = page.getByRole('toolbar', { name: 'Tools' });
    const brush = rail.getByRole('button', { name: 'Brush', pressed: true });
    await expect.element(brush).toHaveAttribute('aria-keyshortcuts', 'B');
    (brush.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowDown}{ArrowDown}');
    await expect.element(rail.getByRole('button', { name: 'Lasso' })).toHaveFocus();
    await userEvent.keyboard('{Enter}');
    expect(toolBox.chosen).toBe('lasso');
    expect(rail.element().querySelectorAll('[tabindex="0"]')).toHaveLength(1);
  });

  test('the bar fills, inverts, grows and clears, and shows how much is marked', async () => {
    const { names, document } = await mount();
    const more = page.getByRole('button', { name: 'More mask options' });
    await expect.element(page.getByText('Nothing marked', { exact: true })).toBeVisible();
    await more.click();
    const menu = page.getByRole('dialog', { name: 'More mask options' });
    await menu.getByRole('button', { name: 'Fill' }).click();
    await expect.element(page.getByText('Whole image marked', { exact: true })).toBeVisible();
    document.undo();
    const rect = { left: 100, top: 100, width: 100, height: 100 };
    document.commit({ layer: 'mask', name: 'Rectangle', op: { kind: 'rectangle', combine: 'add', rect } });
    await expect.element(page.getByText('8.3% marked', { exact: true })).toBeVisible();
    await menu.getByRole('button', { name: 'Shrink' }).click();
    await menu.getByRole('button', { name: 'Feather' }).click();
    await menu.getByRole('button', { name: 'Invert' }).click();
    await menu.getByRole('radio', { name: 'Blue' }).click();
    await userEvent.keyboard('{Escape}');
    await page.getByRole('button', { name: 'Clear mask' }).click();
    expect(names()).toEqual(['Rectangle', 'Shrink', 'Feather', 'Invert', 'Clear']);
    expect(localStorage.getItem('emulsion.canvas.tools')).toContain('"maskColour":"#3d9bff"');
  });

  test('a mask can be imported', async () => {
    const onloadmask = vi.fn();
    await mount({ onloadmask });
    await page.getByRole('button', { name: 'More mask options' }).click();
    await page.getByRole('button', { name: 'Load from another image' }).click();
    expect(onloadmask.mock.calls).toEqual([['image']]);
  });

  test.each(['dark', 'light'])('everything is named and readable (%s)', async (theme) => {
    document.documentElement.dataset['theme'] = theme;
    const { toolBox, stage } = await mount();
    (stage.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}');
    for (const name of ['brush', 'rectangle', 'similar', 'hand'] as const) {
      toolBox.choose(name);
      await drawn();
      const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
      expect(violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))).toEqual(
        [],
      );
    }
    delete document.documentElement.dataset['theme'];
  });
});

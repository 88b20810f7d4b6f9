import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { findModel } from '../../../../electron/contract/catalogue/models.ts';
import { FrameTool } from '../../../../renderer/canvas/frame/FrameTool.svelte.ts';
import type { FrameMode } from '../../../../renderer/canvas/frame/frame-limits.ts';
import type { Rect } from '../../../../renderer/stage/geometry.ts';
import { animationsEnded } from '../../shared/animations.ts';
import { drawn, moveTo, press, release } from '../../stage/real-pointer.ts';
import { focusStage, mountTool, type MountedTool } from './tool-stage.ts';

const { sizes } = findModel('gpt-image-2.6-sunburst');
const mount = (mode: FrameMode, rule = sizes): Promise<MountedTool<FrameTool>> =>
  mountTool((context) => new FrameTool(mode, context), { sizes: rule });
const rect = (left: number, top: number, width: number, height: number): Rect => ({ left, top, width, height });

describe('extend', () => {
  test('dragging the right edge snaps to 2048 × 1024, labels the new part, and is one step', async () => {
    const { document, pull } = await mount('extend');
    await pull([
      { x: 1536, y: 512 },
      { x: 1700, y: 512 },
      { x: 2040, y: 530 },
    ]);
    expect(document.frame).toEqual(rect(0, 0, 2048, 1024));
    expect(document.steps.map(({ name }) => name)).toEqual(['Extend']);
    await expect.element(page.getByText('512 px to create')).toBeVisible();
    await expect.element(page.getByText('2.1 of 8.3 megapixels')).toBeVisible();
    document.undo();
    expect(document.frame).toBeNull();
    await expect.element(page.getByText('512 px to create')).not.toBeInTheDocument();
  });

  test('a handle can be dragged from within 28 px, and the frame follows', async () => {
    const { document, place } = await mount('extend');
    const corner = place({ x: 0, y: 0 });
    await press({ x: corner.x - 12, y: corner.y - 12 });
    await moveTo({ x: corner.x - 12 - 80, y: corner.y - 12 });
    await drawn();
    await expect.element(page.getByText('256 px')).toBeVisible();
    expect(document.steps).toEqual([]);
    await release({ x: corner.x - 12 - 80, y: corner.y - 12 });
    expect(document.frame).toEqual(rect(-256, 0, 1792, 1024));
  });

  test('Escape cancels a drag', async () => {
    const { document, tool, place } = await mount('extend');
    await press(place({ x: 1536, y: 512 }));
    await moveTo(place({ x: 1900, y: 512 }));
    await drawn();
    expect(tool.busy).toBe(true);
    await userEvent.keyboard('{Escape}');
    await release(place({ x: 1900, y: 512 }));
    expect([document.frame, document.steps.length, tool.busy]).toEqual([null, 0, false]);
  });

  test('a frame larger than the model supports shows how it is scaled', async () => {
    await mount('extend');
    // Numbers that change with every pixel are not said.
    expect(page.getByRole('status').element().textContent).toBe('');
    await page.getByRole('textbox', { name: 'Frame width' }).fill('4608');
    await userEvent.keyboard('{Tab}');
    await page.getByRole('textbox', { name: 'Frame height' }).fill('3072');
    await userEvent.keyboard('{Tab}');
    await expect
      .element(page.getByRole('status'))
      .toMatchTextContent('4608 × 3072 is larger than this model supports. It will be scaled to 3520 × 2352.');
  });
});

describe('crop', () => {
  test('a drag over the whole image draws a frame; the frame then moves, and never leaves the image', async () => {
    const { document, pull } = await mount('crop');
    await pull([
      { x: 200, y: 200 },
      { x: 700, y: 500 },
      { x: 840, y: 680 },
    ]);
    expect(document.frame).toEqual(rect(200, 200, 640, 480));
    await pull([
      { x: 500, y: 400 },
      { x: 0, y: 0 },
      { x: -900, y: 420 },
    ]);
    expect(document.frame).toEqual(rect(0, 220, 640, 480));
    expect(document.steps).toHaveLength(2);
  });

  test('a click changes nothing', async () => {
    const { document, pull } = await mount('crop');
    await pull([{ x: 600, y: 400 }]);
    expect(document.steps).toEqual([]);
  });

  test('a ratio sets the frame, and is kept while dragging', async () => {
    const { document, context, pull } = await mount('crop');
    await page.getByRole('radio', { name: '1:1' }).click();
    expect(document.frame).toEqual(rect(256, 0, 1024, 1024));
    expect(context.settings.ratio).toBe(1);
    await pull([
      { x: 1280, y: 1024 },
      { x: 900, y: 700 },
    ]);
    const { width, height } = document.effectiveFrame;
    expect(width).toBe(height);
    expect(width).toBeLessThan(1024);
    await page.getByRole('button', { name: 'Reset frame' }).click();
    expect(document.frame).toBeNull();
    await expect.element(page.getByRole('button', { name: 'Reset frame' })).toBeDisabled();
  });
});

describe('by keys', () => {
  test('handles are named tab stops; arrow keys move them by the model’s steps, as one step of the history', async () => {
    const { document } = await mount('extend');
    const edge = page.getByRole('slider', { name: 'Right edge' });
    const element = edge.element();
    if (element instanceof SVGElement) element.focus();
    await expect.element(edge).toHaveAttribute('aria-valuetext', '1536 × 1024, on the image’s edge');
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
    expect(document.frame).toEqual(rect(0, 0, 1536 + 16 * 12, 1024));
    await expect.element(edge).toHaveAttribute('aria-valuetext', '1728 × 1024, 192 px outside the image');
    expect(document.steps).toHaveLength(1);
    document.undo();
    expect(document.frame).toBeNull();
    await userEvent.tab();
    await expect.element(page.getByRole('slider', { name: 'Bottom right corner' })).toHaveFocus();
  });

  test('on the stage, arrows move the frame', async () => {
    const { document, pull, said } = await mount('crop');
    await pull([
      { x: 200, y: 200 },
      { x: 840, y: 680 },
    ]);
    focusStage();
    await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowDown}{/Shift}');
    expect(document.frame).toEqual(rect(201, 210, 640, 480));
    expect(said.at(-1)).toBe('640 × 480');
  });

  test('numbers set the size; other entries change nothing', async () => {
    const { document } = await mount('crop');
    const width = page.getByRole('textbox', { name: 'Frame width' });
    await width.fill('800');
    await userEvent.keyboard('{Tab}');
    expect(document.frame).toEqual(rect(368, 0, 800, 1024));
    await width.fill('wide');
    await userEvent.keyboard('{Tab}');
    await expect.element(width).toHaveValue('800');
    expect(document.steps).toHaveLength(1);
  });
});

test('everything is labelled and readable in both themes', async () => {
  const { pull } = await mount('extend');
  await pull([
    { x: 1536, y: 512 },
    { x: 2040, y: 512 },
  ]);
  for (const theme of ['dark', 'light']) {
    document.documentElement.dataset['theme'] = theme;
    await animationsEnded();
    const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  }
  delete document.documentElement.dataset['theme'];
});

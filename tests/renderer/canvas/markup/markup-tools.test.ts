import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { Mark } from '../../../../renderer/canvas/document/mark.ts';
import type { MarkupToolName } from '../../../../renderer/canvas/markup/mark-kinds.ts';
import { markupEditorOf } from '../../../../renderer/canvas/markup/MarkupEditor.svelte.ts';
import { createMarkupTool } from '../../../../renderer/canvas/markup/create-markup-tool.ts';
import type { Tool } from '../../../../renderer/canvas/tools/tool.ts';
import { focusStage, mountTool, type MountedTool } from '../frame/tool-stage.ts';
import { drawn, moveTo, press, release } from '../../stage/real-pointer.ts';
import { ARROW, BOX, TEXT } from './marks.ts';

const names = ({ document }: MountedTool<Tool>): string[] => document.steps.map(({ name }) => name);

/** A tool with marks that are there already. */
async function mount(name: MarkupToolName, ...marks: Mark[]): Promise<MountedTool<Tool>> {
  const mounted = await mountTool((context) => createMarkupTool(name, context));
  const changes = marks.map((mark) => ({ before: null, after: mark }));
  if (changes.length > 0) mounted.document.commit({ layer: 'markup', name: 'Before', changes });
  return mounted;
}

const boxOf = (left: number, top: number, width: number, height: number): Mark => {
  const { colour } = BOX;
  return { kind: 'box', id: 'box', colour, width: 8, rect: { left, top, width, height } };
};

const listed = (): string[] =>
  page
    .getByRole('listitem')
    .elements()
    .map((element) => element.getAttribute('aria-label') ?? '');

describe('drawing', () => {
  test('an arrow goes from press to release, is one step, and its ends can be taken at once', async () => {
    const mounted = await mount('arrow');
    const { document, pull } = mounted;
    await pull([
      { x: 200, y: 200 },
      { x: 400, y: 300 },
      { x: 600, y: 400 },
    ]);
    expect(document.marks).toMatchObject([
      { kind: 'arrow', colour: '#e23b2e', width: 8, from: { x: 200, y: 200 }, to: { x: 600, y: 400 } },
    ]);
    await expect.poll(listed).toEqual(['Arrow 1, red']);
    await pull([
      { x: 601, y: 398 },
      { x: 700, y: 700 },
    ]);
    expect(document.marks).toMatchObject([{ from: { x: 200, y: 200 }, to: { x: 700, y: 700 } }]);
    expect(names(mounted)).toEqual(['Arrow', 'Change arrow']);
    document.undo();
    document.undo();
    await expect.poll(listed).toEqual([]);
  });

  test('a pen keeps every place on its way; a click of it is a dot', async () => {
    const { document, pull } = await mount('pen');
    await pull([
      { x: 100, y: 100 },
      { x: 200, y: 160 },
      { x: 300, y: 100 },
      { x: 400, y: 160 },
    ]);
    await pull([{ x: 800, y: 800 }]);
    const [line, dot] = document.marks;
    if (line?.kind !== 'pen' || dot?.kind !== 'pen') throw new Error('Two lines were drawn.');
    expect(line.points.length).toBeGreaterThanOrEqual(8);
    expect(line.points.slice(0, 2)).toEqual([100, 100]);
    expect(line.points.slice(-2)).toEqual([400, 160]);
    expect(dot.points).toEqual([800, 800]);
  });

  test('a box with Shift is as wide as high; a click makes none', async () => {
    const { document, pull } = await mount('box');
    await pull([{ x: 200, y: 200 }]);
    expect(document.steps).toEqual([]);
    await pull(
      [
        { x: 200, y: 200 },
        { x: 520, y: 264 },
      ],
      { modifiers: ['shift'] },
    );
    expect(document.marks).toMatchObject([{ kind: 'box', rect: { left: 200, top: 200, width: 320, height: 320 } }]);
  });

  test('Escape in the middle leaves nothing', async () => {
    const { document, place } = await mount('circle');
    await press(place({ x: 200, y: 200 }));
    await moveTo(place({ x: 500, y: 500 }));
    await drawn();
    await expect.poll(listed).toEqual(['Circle 1, red']);
    await userEvent.keyboard('{Escape}');
    await release(place({ x: 500, y: 500 }));
    await expect.poll(listed).toEqual([]);
    expect(document.steps).toEqual([]);
  });
});

describe('text', () => {
  const editor = () => page.getByRole('textbox', { name: /^Text mark/u });

  test('is written in place, at its size and colour; Enter ends it, Shift Enter begins a line', async () => {
    const { document, context, pull } = await mount('text');
    context.settings.colour = '#2f6fe4';
    await pull([{ x: 400, y: 400 }]);
    await expect.element(editor()).toHaveFocus();
    const style = getComputedStyle(editor().element());
    expect([style.fontSize, style.color]).toEqual(['15px', 'rgb(47, 111, 228)']);
    await userEvent.keyboard('remove{Shift>}{Enter}{/Shift}this pear{Enter}');
    expect(document.marks).toMatchObject([{ kind: 'text', text: 'remove\nthis pear', size: 48, colour: '#2f6fe4' }]);
    await expect.poll(listed).toEqual(['Text 1, blue: remove this pear']);
    await expect.element(page.getByRole('application')).toHaveFocus();
  });

  test('Escape cancels, and no words are no mark', async () => {
    const { document, pull } = await mount('text');
    await pull([{ x: 400, y: 400 }]);
    await userEvent.keyboard('something{Escape}');
    await expect.element(editor()).not.toBeInTheDocument();
    await pull([{ x: 400, y: 400 }]);
    await userEvent.keyboard('   {Enter}');
    await expect.element(editor()).not.toBeInTheDocument();
    expect(document.steps).toEqual([]);
  });

  test('a press on words goes on with them; emptied, they go', async () => {
    const mounted = await mount('text', TEXT);
    const { document, pull } = mounted;
    await pull([{ x: 60, y: 220 }]);
    await expect.element(editor()).toHaveValue('two\nlines');
    await userEvent.keyboard(' more{Enter}');
    expect(document.marks).toMatchObject([{ text: 'two\nlines more' }]);
    await pull([{ x: 60, y: 220 }]);
    await editor().fill('');
    await userEvent.keyboard('{Enter}');
    expect(document.marks).toEqual([]);
    expect(names(mounted)).toEqual(['Before', 'Edit text', 'Delete text']);
  });

  test('a press elsewhere keeps what was written', async () => {
    const { document, pull, tool } = await mount('text');
    await pull([{ x: 400, y: 400 }]);
    await userEvent.keyboard('kept');
    tool.complete();
    expect(document.marks).toMatchObject([{ text: 'kept' }]);
  });
});

describe('choosing', () => {
  test('a press on a line chooses and moves it; what it goes round is left alone', async () => {
    const { document, pull } = await mount('select', boxOf(400, 400, 400, 300));
    await pull([
      { x: 600, y: 550 },
      { x: 700, y: 650 },
    ]);
    expect(document.steps).toHaveLength(1);
    await pull([
      { x: 404, y: 550 },
      { x: 504, y: 650 },
    ]);
    expect(document.marks).toMatchObject([{ rect: { left: 500, top: 500, width: 400, height: 300 } }]);
    await pull([
      { x: 900, y: 800 },
      { x: 1000, y: 1000 },
    ]);
    expect(document.marks).toMatchObject([{ rect: { left: 500, top: 500, width: 500, height: 500 } }]);
  });

  test('Tab walks the marks; arrows move the chosen one as one step; Ctrl D doubles it, Delete removes it', async () => {
    const mounted = await mount('select', ARROW, BOX);
    const { document, said } = mounted;
    focusStage();
    await userEvent.keyboard('{Tab}{Tab}');
    expect(said).toEqual(['Arrow 1, red', 'Box 1, red']);
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{Shift>}{ArrowDown}{/Shift}');
    expect(document.marks[1]).toMatchObject({ rect: { left: 202, top: 30 } });
    await userEvent.keyboard('{Control>}d{/Control}');
    expect(document.marks).toHaveLength(3);
    await userEvent.keyboard('{Delete}');
    expect(document.marks).toHaveLength(2);
    expect(names(mounted)).toEqual(['Before', 'Move box', 'Duplicate box', 'Delete box']);
    await userEvent.keyboard('{Escape}{Shift>}{Tab}{/Shift}');
    expect(said.at(-1)).toBe('Box 1, red');
    await userEvent.keyboard('{Tab}');
    await expect.element(page.getByRole('application')).not.toHaveFocus();
  });

  test('Enter on a text writes on', async () => {
    const { document } = await mount('select', TEXT);
    focusStage();
    await userEvent.keyboard('{Tab}{Enter}');
    await expect.element(page.getByRole('textbox', { name: /^Text mark/u })).toHaveFocus();
    await userEvent.keyboard(' on{Enter}');
    expect(document.marks).toMatchObject([{ text: 'two\nlines on' }]);
  });
});

describe('the bar', () => {
  test('colour and width change the chosen mark and the next one, a slide as one step', async () => {
    const mounted = await mount('select', ARROW);
    const { document, context } = mounted;
    focusStage();
    await userEvent.keyboard('{Tab}');
    await page.getByRole('radio', { name: 'green' }).click();
    expect(document.marks).toMatchObject([{ colour: '#1f9d55' }]);
    const slider = page.getByRole('slider', { name: 'Line width in pixels' });
    (slider.element() as HTMLElement).focus();
    await userEvent.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    expect(document.marks).toMatchObject([{ width: 11 }]);
    expect([context.settings.colour, context.settings.lineWidth]).toEqual(['#1f9d55', 11]);
    expect(names(mounted)).toEqual(['Before', 'Colour arrow', 'Width arrow']);
  });

  test('says what is sent, hides it from the eye, and empties the layer as one step', async () => {
    const { document } = await mount('arrow', ARROW, BOX, TEXT);
    await expect.element(page.getByText('3 marks, sent as a layer over the image')).toBeVisible();
    await page.getByRole('button', { name: 'Hide marks' }).click();
    await expect.element(page.getByText('3 marks, hidden here, sent as a layer over the image')).toBeVisible();
    expect(listed()).toEqual([]);
    await page.getByRole('button', { name: 'Show marks' }).click();
    await expect.poll(() => listed().length).toBe(3);
    await page.getByRole('button', { name: 'Clear all marks' }).click();
    expect(document.marks).toEqual([]);
    document.undo();
    expect(document.marks).toHaveLength(3);
  });

  test('a mark is made, chosen, moved and named without a pointer on the stage', async () => {
    const mounted = await mount('box', ARROW);
    const { document } = mounted;
    await page.getByRole('button', { name: 'Marks', exact: true }).click();
    await page.getByRole('button', { name: 'Add box' }).click();
    expect(document.marks).toHaveLength(2);
    await expect.element(page.getByRole('button', { name: 'Box 1, red' })).toHaveAttribute('aria-pressed', 'true');
    await page.getByRole('textbox', { name: 'Width' }).fill('640');
    await userEvent.keyboard('{Tab}');
    await page.getByRole('textbox', { name: 'X' }).fill('10');
    await userEvent.keyboard('{Tab}');
    expect(document.marks[1]).toMatchObject({ rect: { left: 10, width: 640 } });
    await page.getByRole('button', { name: 'Arrow 1, red' }).click();
    await page.getByRole('textbox', { name: 'To Y' }).fill('9');
    await userEvent.keyboard('{Tab}');
    expect(document.marks[0]).toMatchObject({ to: { x: 140, y: 9 } });
    await page.getByRole('button', { name: 'Duplicate' }).click();
    expect(document.marks).toHaveLength(3);
  });
});

test('an image has one markup editor, whichever tool is active', async () => {
  const { document } = await mount('arrow', ARROW);
  markupEditorOf(document).choose(ARROW);
  expect(markupEditorOf(document).chosen).toBe(document.marks[0]);
});

test.each(['dark', 'light'])('everything is labelled and readable: %s', async (theme) => {
  document.documentElement.dataset['theme'] = theme;
  await mount('select', ARROW, BOX, TEXT);
  focusStage();
  await userEvent.keyboard('{Tab}');
  await page.getByRole('button', { name: 'Marks', exact: true }).click();
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  delete document.documentElement.dataset['theme'];
});

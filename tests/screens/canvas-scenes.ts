import sharp from 'sharp';
import { BOTTLE, PEAR, STILL_NAME, type CanvasTable, type ImageFile } from './canvas-table.ts';

/** One screenshot: its name, and the steps to it in a new window. */
export interface Scene {
  name: string;
  prepare: (table: CanvasTable) => Promise<unknown>;
  /** Also in the smallest window. */
  small?: true;
}

const GLAZE =
  'Give the bottle a celadon glaze with a fine grey crackle, thinner at the shoulder so that the clay shows through. Keep the light and the shadow as they are.';
const WIDER = 'Continue the limewashed wall and the table to the right, empty, in the same light.';

/** A draft with a tree of edits. */
export const PAST = STILL_NAME;

/** Makes the tree: a celadon edit with further edits, and two edits in other colours. */
export async function makePast(table: CanvasTable): Promise<void> {
  await table.still();
  await table.markBottle();
  for (const words of ['Celadon glaze on the bottle', 'Terracotta in place of white', 'A cobalt bottle']) {
    await table.prompt(words);
    await table.send();
    await table.step(/^Original/u);
  }
  await table.step(/^Celadon/u);
  await table.tool('Ellipse');
  await table.drag([
    [PEAR.left, PEAR.top],
    [PEAR.right, PEAR.bottom],
  ]);
  await table.prompt('Remove the pear at the right');
  await table.send();
}

/** Scenes of drawing, each in its own draft. */
export const DRAWING: readonly Scene[] = [
  { name: 'canvas-empty', prepare: () => Promise.resolve(), small: true },
  {
    name: 'canvas-brush',
    small: true,
    async prepare(table) {
      await table.still();
      await table.prompt(GLAZE);
      await table.markBottle();
      await table.tool('Brush');
      await table.hover([1000, 560]);
    },
  },
  {
    name: 'canvas-hand',
    async prepare(table) {
      await table.still();
      await table.tool('Hand');
    },
  },
  {
    name: 'canvas-eraser',
    async prepare(table) {
      await table.still();
      await table.markBottle();
      await table.tool('Eraser');
      // prettier-ignore
      await table.drag([[800, 600], [900, 560], [1000, 600], [1060, 560]], true);
    },
  },
  {
    name: 'canvas-lasso',
    async prepare(table) {
      await table.still();
      await table.tool('Lasso');
      await table.drag(BOTTLE.slice(0, -4), true);
    },
  },
  {
    name: 'canvas-polygon',
    async prepare(table) {
      await table.still();
      await table.tool('Polygon');
      for (const place of BOTTLE.slice(0, 9)) await table.click(place);
      await table.hover([880, 660]);
    },
  },
  {
    name: 'canvas-rectangle',
    async prepare(table) {
      await table.still();
      await table.tool('Rectangle');
      // prettier-ignore
      await table.drag([[800, 300], [1140, 760]], true);
    },
  },
  {
    name: 'canvas-ellipse',
    async prepare(table) {
      await table.still();
      await table.tool('Ellipse');
      // prettier-ignore
      await table.drag([[PEAR.left, PEAR.top], [PEAR.right, PEAR.bottom]], true);
    },
  },
  {
    name: 'canvas-similar',
    async prepare(table) {
      await table.still();
      await table.tool('Similar colour');
      const tolerance = table.page.getByRole('spinbutton', { name: 'Tolerance, number' });
      await tolerance.fill('90');
      await tolerance.press('Enter');
      await table.click([840, 700]);
    },
  },
  {
    name: 'canvas-mask-menu',
    async prepare(table) {
      await table.still();
      await table.markBottle();
      await table.tool('Brush');
      await table.page.getByRole('button', { name: 'More mask options' }).click();
    },
  },
  {
    name: 'canvas-by-numbers',
    async prepare(table) {
      await table.still();
      await table.tool('Rectangle');
      await table.page.getByRole('button', { name: 'Rectangle by coordinates' }).click();
    },
  },
  { name: 'canvas-markup', prepare: markUp, small: true },
  {
    name: 'canvas-select',
    async prepare(table) {
      await markUp(table);
      await table.tool('Select');
      await table.click([703, 490]);
    },
  },
  {
    name: 'canvas-pen',
    async prepare(table) {
      await table.still();
      await table.tool('Pen');
      // prettier-ignore
      await table.drag([[600, 800], [700, 780], [800, 810], [900, 785], [1000, 800]], true);
    },
  },
  {
    name: 'canvas-box',
    async prepare(table) {
      await table.still();
      await table.tool('Box');
      // prettier-ignore
      await table.drag([[800, 300], [1140, 760]], true);
    },
  },
  {
    name: 'canvas-text',
    async prepare(table) {
      await table.still();
      await table.tool('Text');
      await table.click([300, 240]);
      await table.page.keyboard.type('three more leaves');
    },
  },
  {
    name: 'canvas-mark-list',
    async prepare(table) {
      await markUp(table);
      await table.page.getByRole('button', { name: 'Marks', exact: true }).click();
    },
  },
  {
    name: 'canvas-either',
    async prepare(table) {
      await table.still();
      await table.markBottle();
      await table.tool('Arrow');
      // prettier-ignore
      await table.drag([[560, 300], [900, 280]]);
    },
  },
  {
    name: 'canvas-crop',
    async prepare(table) {
      await table.still();
      await table.tool('Crop');
      await pull(table, 'Bottom right corner', [1300, 940]);
    },
  },
  {
    name: 'canvas-extend',
    small: true,
    async prepare(table) {
      await table.still();
      await table.prompt(WIDER);
      await table.tool('Extend');
      await pull(table, 'Right edge', [2048, 512]);
    },
  },
  {
    name: 'canvas-extended',
    async prepare(table) {
      await table.still();
      await table.prompt(WIDER);
      await table.tool('Extend');
      await pull(table, 'Right edge', [2048, 512]);
      await table.send();
      await table.page.getByRole('radio', { name: 'After' }).click();
    },
  },
  {
    name: 'canvas-references',
    async prepare(table) {
      await table.still();
      const add = table.page.getByRole('button', { name: 'Add images from files' });
      await table.choose(() => add.click(), await swatches());
      await table.prompt('Glaze the bottle as in image 2, on a ground as in image 3.');
      await table.page.getByRole('button', { name: /^Reference 3 of 3/u }).click();
      await table.page.getByRole('textbox', { name: 'What image 3 is for' }).fill('the colour of the wall');
      await table.page.getByRole('button', { name: /^Reference 2 of 3/u }).click();
      await table.page.getByRole('textbox', { name: 'What image 2 is for' }).fill('the glaze of the bottle');
    },
  },
  {
    name: 'canvas-ask-everything',
    small: true,
    async prepare(table) {
      await table.still();
      await table.prompt('Make it evening');
      await table.page.keyboard.press('Control+Enter');
      await table.page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'canvas-ask-oversized',
    async prepare(table) {
      const buffer = await sharp({ create: { width: 6000, height: 4000, channels: 3, background: '#998877' } })
        .png()
        .toBuffer();
      const open = table.page.getByRole('button', { name: 'From a file' });
      await table.choose(() => open.click(), { name: 'Poster.png', mimeType: 'image/png', buffer });
      await table.page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'canvas-ask-mask-size',
    async prepare(table) {
      await table.still();
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="768" height="512"><rect width="768" height="512"/><circle cx="480" cy="270" r="120" fill="#fff"/></svg>`;
      const buffer = await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
      await table.tool('Brush');
      await table.page.getByRole('button', { name: 'More mask options' }).click();
      const load = table.page.getByRole('button', { name: 'Load from a file' });
      await table.choose(() => load.click(), { name: 'Bottle mask.png', mimeType: 'image/png', buffer });
      await table.page.getByRole('dialog', { name: /Bottle mask/u }).waitFor();
    },
  },
  {
    name: 'canvas-failed',
    small: true,
    async prepare(table) {
      await table.still();
      await table.markBottle();
      await table.prompt('A label in the style of a named living artist [demo:moderation]');
      await table.page.keyboard.press('Control+Enter');
      await table.page.getByRole('alert').first().waitFor();
    },
  },
  {
    name: 'canvas-sheet',
    small: true,
    async prepare(table) {
      await table.still();
      const count = table.page.getByRole('spinbutton', { name: 'Number of variations' });
      await count.fill('6');
      await count.blur();
      await table.page.keyboard.press('Shift+V');
      await table.page.getByRole('option', { name: 'Variation 6 of 6' }).waitFor();
      await table.page.waitForFunction(
        () => {
          const options = [...document.querySelectorAll('[role="option"]')];
          return options.length === 6 && options.every((option) => /of 6$/u.test(option.ariaLabel ?? ''));
        },
        null,
        { timeout: 60_000 },
      );
    },
  },
  {
    name: 'canvas-drafts',
    small: true,
    async prepare(table) {
      for (const name of ['Courtyard at dusk', 'Perfume on travertine, warm', 'Dunes']) {
        await table.page.getByRole('button', { name: 'New draft' }).click();
        const { buffer } = await swatch(name);
        await table.still({ name, mimeType: 'image/png', buffer });
      }
    },
  },
];

/** Scenes of review in the draft with the tree. */
export const REVIEW: readonly Scene[] = [
  { name: 'canvas-steps', small: true, prepare: (table) => onStep(table, /^Original/u) },
  {
    name: 'canvas-step-card',
    async prepare(table) {
      await onStep(table, /^Original/u);
      await table.page.getByRole('treeitem', { name: /^Celadon/u }).hover();
      await table.page.getByRole('tooltip').first().waitFor();
    },
  },
  {
    name: 'canvas-split',
    small: true,
    async prepare(table) {
      await review(table);
      await table.page
        .getByRole('slider', { name: /line|before|split|seen/iu })
        .first()
        .focus();
      await table.page.keyboard.press('PageUp');
      for (let press = 0; press < 3; press += 1) await table.page.keyboard.press('ArrowRight');
    },
  },
  {
    name: 'canvas-raw',
    async prepare(table) {
      await review(table);
      await table.page.getByRole('radio', { name: 'Original response' }).click();
    },
  },
  {
    name: 'canvas-heat',
    small: true,
    async prepare(table) {
      await review(table);
      await table.page.getByRole('radio', { name: 'Heat map' }).click();
    },
  },
  { name: 'canvas-beside', prepare: (table) => review(table, 'Side by side') },
  { name: 'canvas-blink', prepare: (table) => review(table, 'Blink') },
  { name: 'canvas-onion', prepare: (table) => review(table, 'Onion skin') },
  {
    name: 'canvas-difference',
    async prepare(table) {
      await review(table, 'Difference');
      await table.page
        .getByText(/of pixels differ/u)
        .first()
        .waitFor();
    },
  },
  {
    name: 'canvas-after',
    async prepare(table) {
      await onStep(table, /^Celadon/u);
      await table.page.getByRole('radio', { name: 'After' }).click();
    },
  },
  {
    name: 'canvas-feather',
    async prepare(table) {
      await review(table);
      await table.page.getByRole('button', { name: 'Feather' }).click();
    },
  },
  {
    name: 'canvas-remove-draft',
    async prepare(table) {
      await onStep(table, /^Original/u);
      await table.page.getByRole('button', { name: /^Delete draft/u }).click();
    },
  },
];

/** Scenes of running jobs, with a slow server. */
export const WAITING: readonly Scene[] = [
  {
    name: 'canvas-running',
    small: true,
    async prepare(table) {
      await table.still();
      await table.markBottle();
      await table.prompt('A cobalt glaze, glossy');
      await table.page.keyboard.press('Control+Enter');
      await table.page.locator('[role="application"] img[src*="/partial/"]').first().waitFor({ timeout: 90_000 });
      await table.tool('Brush');
    },
  },
];

async function markUp(table: CanvasTable): Promise<void> {
  await table.still();
  await table.prompt('Follow the red marks. Do not leave the marks in the image.');
  await table.tool('Circle');
  // prettier-ignore
  await table.drag([[PEAR.left, PEAR.top], [PEAR.right, PEAR.bottom]]);
  await table.tool('Text');
  await table.click([100, 590]);
  await table.page.keyboard.type('remove this pear');
  await table.page.keyboard.press('Enter');
  await table.click([380, 180]);
  await table.page.keyboard.type('three more leaves');
  await table.page.keyboard.press('Enter');
  await table.tool('Arrow');
  // prettier-ignore
  await table.drag([[800, 215], [900, 230]]);
  // prettier-ignore
  await table.drag([[490, 620], [618, 625]]);
}

/** Drags a handle of the frame to a position, which may be outside the image. */
async function pull(table: CanvasTable, handle: string, to: readonly [number, number]): Promise<void> {
  const box = await table.page
    .getByRole('slider', { name: handle })
    .or(table.page.getByRole('button', { name: handle }))
    .first()
    .boundingBox();
  if (!box) throw new Error(`The handle ${handle} is not to be seen.`);
  const { x, y } = await table.at(to);
  await table.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await table.page.mouse.down();
  await table.page.mouse.move(x, y, { steps: 8 });
  await table.page.mouse.up();
}

async function onStep(table: CanvasTable, step: RegExp): Promise<void> {
  await table.draft(PAST);
  await table.step(step);
}

async function review(table: CanvasTable, way?: string): Promise<void> {
  await onStep(table, /^Celadon/u);
  await table.page.getByRole('radio', { name: 'Split' }).click();
  await table.page.getByRole('group', { name: 'Review' }).waitFor();
  if (way === undefined) return;
  const segment = table.page.getByRole('radio', { name: way });
  if (await segment.isVisible()) await segment.click();
  else {
    await table.page.getByRole('combobox', { name: 'Compare mode' }).click();
    await table.page.getByRole('option', { name: way }).click();
  }
}

async function swatches(): Promise<ImageFile[]> {
  return [await swatch('Celadon glaze', '#93b59d', '#5f8570'), await swatch('Ochre wall', '#c9a15a', '#8e6a30')];
}

/** A gradient of two colours. */
async function swatch(name: string, from = '#7d8ea3', to = '#3b4656'): Promise<ImageFile> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="960" height="640"><defs><radialGradient id="g" cx="0.3" cy="0.3" r="1">
    <stop offset="0" stop-color="${from}"/><stop offset="1" stop-color="${to}"/></radialGradient></defs>
    <rect width="960" height="640" fill="url(#g)"/></svg>`;
  const buffer = await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
  return { name: `${name}.png`, mimeType: 'image/png', buffer };
}

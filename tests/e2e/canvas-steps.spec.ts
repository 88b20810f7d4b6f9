import { join } from 'node:path';
import Database from 'better-sqlite3';
import { environmentFor, test as plain } from './fixtures.ts';
import { easelOf, expect, pixelsOf, pngFile, startEditor, test, type Easel } from './canvas-easel.ts';

const share = ({ page }: Easel) => page.getByText(/^[\d.]+% marked$/u);
const nothingMarked = ({ page }: Easel) => page.getByText('Nothing marked', { exact: true });
const undo = ({ page }: Easel, name: string) => page.getByRole('button', { name: `Undo ${name}`, exact: true });
const redo = ({ page }: Easel, name: string) => page.getByRole('button', { name: `Redo ${name}`, exact: true });

test('one key makes variations to choose from, and the step tree leads back to a branch', async ({ easel }) => {
  const { page, editor, prompt, send, stage } = easel;
  await easel.open(await pngFile('tree.png', 256, 192, 20));
  await easel.tool('Rectangle');
  await easel.drag([20, 20], [90, 90]);
  const marked = await share(easel).textContent();
  await page.getByRole('spinbutton', { name: 'Number of variations' }).fill('2');
  await stage.focus();
  await page.keyboard.press('Shift+V');
  const sheet = page.getByRole('region', { name: 'Contact sheet' });
  await expect(sheet.getByRole('option')).toHaveCount(2);
  await expect(sheet.getByRole('option', { name: 'Variation 2 of 2', exact: true })).toBeVisible();
  expect(editor.posts()).toHaveLength(2);
  // Of the whole image: a mask has no say in a variation.
  expect(editor.posts().flatMap(({ files }) => files.map(({ field }) => field))).toEqual(['image', 'image']);
  await sheet.getByRole('option', { name: 'Variation 1 of 2', exact: true }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(stage).toHaveAccessibleName('Image on the stage: Variation 2');
  const steps = page.getByRole('tree', { name: 'Steps' }).getByRole('treeitem');
  await expect(steps).toHaveCount(3);
  await expect(nothingMarked(easel)).toBeVisible();

  // Drawn on the variation; the root keeps its own.
  await easel.drag([100, 100], [140, 130]);
  await stage.focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await expect(stage).toHaveAccessibleName('Image on the stage: Original');
  await expect(share(easel)).toHaveText(marked ?? '');
  await expect(undo(easel, 'Rectangle')).toBeEnabled();
  await prompt.fill('A bridge');
  await send.click();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();
  await expect(page.getByText('4 images, 3 branches')).toBeVisible();
  await expect(steps.filter({ hasText: 'A bridge' })).toHaveAttribute('aria-level', '2');
  const post = editor.posts()[2];
  expect(post?.files.map(({ field }) => field)).toEqual(['image', 'mask']);
  const original = await pngFile('tree.png', 256, 192, 20);
  expect(post?.files[0]?.bytes).toEqual(original.buffer);

  // A branch from the variation: its own mask is there, and its own pixels go out.
  await steps.filter({ hasText: 'Variation 2' }).click();
  await expect(undo(easel, 'Rectangle')).toBeEnabled();
  await prompt.fill('A boat');
  await send.click();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();
  await expect(steps.filter({ hasText: 'A boat' })).toHaveAttribute('aria-level', '3');
  const branched = editor.posts()[3];
  const mask = await pixelsOf(branched?.files[1]?.bytes ?? Buffer.alloc(0));
  expect(mask.data.filter((byte, at) => at % 4 === 3 && byte === 0)).toHaveLength(40 * 30);
  expect(editor.posts()).toHaveLength(4);
});

test('a reload during a stroke keeps what was drawn, and each draft keeps its own history', async ({ easel }) => {
  const { page, prompt, stage } = easel;
  await easel.open(await pngFile('first.png', 256, 192, 21));
  await easel.tool('Ellipse');
  await easel.drag([20, 20], [90, 90]);
  const one = await share(easel).textContent();
  await easel.drag([120, 20], [200, 90]);
  const both = await share(easel).textContent();
  await page.keyboard.press('Control+z');
  await expect(redo(easel, 'Ellipse')).toBeEnabled();
  await prompt.fill('The first of two');

  await page.getByRole('button', { name: 'New draft' }).click();
  await easel.open(await pngFile('second.png', 256, 192, 22));
  await easel.tool('Rectangle');
  await easel.drag([20, 20], [120, 120]);
  const before = await share(easel).textContent();
  await easel.tool('Brush');
  const from = await easel.at([200, 150]);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x - 40, from.y, { steps: 3 });
  await page.reload();
  await page.mouse.up();

  await expect(stage).toHaveAccessibleName('Image on the stage: Original');
  await expect(page.getByRole('tab', { name: 'second.png', selected: true })).toBeVisible();
  await expect(share(easel)).not.toHaveText(before ?? '');
  await undo(easel, 'Brush').click();
  await expect(share(easel)).toHaveText(before ?? '');

  await easel.draft('first.png');
  await expect(share(easel)).toHaveText(one ?? '');
  await expect(prompt).toHaveValue('The first of two');
  await redo(easel, 'Ellipse').click();
  await expect(share(easel)).toHaveText(both ?? '');
  await undo(easel, 'Ellipse').click();
  await undo(easel, 'Ellipse').click();
  await expect(nothingMarked(easel)).toBeVisible();
  await easel.draft('second.png');
  await expect(redo(easel, 'Brush')).toBeEnabled();
  await expect(share(easel)).toHaveText(before ?? '');
});

plain('a stroke, its history, the form and the references outlive a host that is killed', async ({ page, host }) => {
  const editor = await startEditor();
  try {
    const environment = environmentFor(editor);
    const killed = await host({ environment });
    await page.goto(killed.url);
    const easel = easelOf(page, editor);
    await easel.open(await pngFile('killed.png', 256, 192, 23));
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Add images from files' }).click(),
    ]);
    await chooser.setFiles(await pngFile('glaze.png', 64, 64, 24));
    const reference = page.getByRole('button', { name: /^Reference 2 of 2: glaze\.png/u });
    await reference.click();
    await page.getByRole('textbox', { name: 'What image 2 is for' }).fill('the glaze');
    // What is written is kept a moment after the last key, which may be over before the next step; the strokes at once.
    const saved = page.waitForResponse((answer) => answer.request().postData()?.includes('Celadon, thin') ?? false);
    await easel.prompt.fill('Celadon, thin');
    await easel.tool('Brush');
    for (let press = 0; press < 8; press += 1) await page.keyboard.press('[');
    await easel.drag([40, 60], [200, 60]);
    await saved;
    await easel.tool('Eraser');
    await easel.drag([100, 40], [100, 80]);
    await killed.stop('SIGKILL');
    const marked = await share(easel).textContent();

    await host({ environment, port: Number(new URL(killed.url).port) });
    await page.reload();
    await expect(easel.stage).toHaveAccessibleName('Image on the stage: Original');
    await expect(share(easel)).toHaveText(marked ?? '');
    await expect(easel.prompt).toHaveValue('Celadon, thin');
    await expect(reference).toHaveAccessibleName('Reference 2 of 2: glaze.png, the glaze');
    await undo(easel, 'Eraser').click();
    await expect(redo(easel, 'Eraser')).toBeEnabled();
    await undo(easel, 'Brush').click();
    await expect(nothingMarked(easel)).toBeVisible();
    await page.getByRole('button', { name: 'Redo Brush' }).click();
    await page.getByRole('button', { name: 'Redo Eraser' }).click();
    await expect(share(easel)).toHaveText(marked ?? '');
    await expect(page.getByRole('alert')).toHaveCount(0);
    expect(editor.posts()).toEqual([]);
  } finally {
    await editor.close();
  }
});

plain(
  'a draft with a step that cannot be read opens read-only, and the library keeps all of its steps',
  async ({ page, home, host }) => {
    const file = join(home, 'library', 'library.db');
    const storedSteps = (): { draft: string; data: string }[] => {
      const library = new Database(file, { readonly: true });
      try {
        const sql = 'SELECT draft_id AS draft, data FROM draft_steps ORDER BY draft_id, position';
        return library.prepare<[], { draft: string; data: string }>(sql).all();
      } finally {
        library.close();
      }
    };
    const editor = await startEditor();
    try {
      const environment = environmentFor(editor);
      const first = await host({ environment });
      await page.goto(first.url);
      const easel = easelOf(page, editor);
      await easel.open(await pngFile('damaged.png', 256, 192, 25));
      await easel.tool('Rectangle');
      await easel.drag([20, 20], [60, 60]);
      const readable = await share(easel).textContent();
      await easel.drag([80, 20], [140, 60]);
      await easel.drag([20, 100], [60, 160]);
      await expect.poll(() => storedSteps().length).toBe(3);
      await first.stop();
      const library = new Database(file);
      library.prepare('UPDATE draft_steps SET data = \'{"layer":"smudge"}\' WHERE position = 1').run();
      library.close();
      const damaged = storedSteps();

      await host({ environment, port: Number(new URL(first.url).port) });
      await page.reload();
      await expect(page.getByText('Some steps of this draft can’t be read.')).toBeVisible();
      const tools = page.getByRole('toolbar', { name: 'Tools' });
      await expect(tools.getByRole('button', { name: 'Rectangle', exact: true })).toHaveAttribute(
        'aria-disabled',
        'true',
      );
      await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
      await easel.drag([150, 100], [200, 160]);
      await page.keyboard.press('i');
      await easel.prompt.fill('A glaze');
      await easel.send.click();
      await expect(page.getByText('The request wasn’t sent.')).toBeVisible();
      expect(storedSteps()).toEqual(damaged);

      await page.getByRole('button', { name: 'Duplicate draft' }).click();
      await expect(page.getByRole('tab', { name: 'damaged.png copy', selected: true })).toBeVisible();
      await easel.tool('Rectangle');
      await expect(share(easel)).toHaveText(readable ?? '');
      await easel.drag([150, 100], [200, 160]);
      await expect.poll(() => storedSteps().length).toBe(5);
      expect(storedSteps().filter(({ draft }) => draft === damaged[0]?.draft)).toEqual(damaged);
      expect(editor.posts()).toEqual([]);
    } finally {
      await editor.close();
    }
  },
);

import { expect, test } from './desktop-fixtures.ts';
import { easelOf, pixelsOf, pngFile, startEditor } from './canvas-easel.ts';
import { environmentFor } from './fixtures.ts';

test('a stroke on the desktop’s canvas is sent as a mask, and is restored after a restart', async ({ launch }) => {
  const editor = await startEditor();
  try {
    const environment = environmentFor(editor);
    const first = await launch({ environment });
    const easel = easelOf(first.page, editor);
    const file = await pngFile('desktop.png', 256, 192, 70);
    await easel.open(file);
    await easel.tool('Brush');
    await easel.drag([80, 100], [180, 100]);
    await easel.prompt.fill('Moss');
    await easel.send.click();
    await expect(easel.page.getByRole('group', { name: 'Review' }).getByRole('status')).toHaveText(
      /^Outside the mask 0 of/u,
    );
    const [post, ...more] = editor.posts();
    expect(more).toEqual([]);
    expect(post?.files[0]?.bytes).toEqual(file.buffer);
    const mask = await pixelsOf(post?.files[1]?.bytes ?? Buffer.alloc(0));
    const marked = mask.data.filter((byte, at) => at % 4 === 3 && byte === 0).length;
    expect([mask.width, mask.height, marked > 5000]).toEqual([256, 192, true]);
    await first.app.quit();

    const again = easelOf((await launch({ environment })).page, editor);
    await again.page.getByRole('link', { name: 'Canvas', exact: true }).click();
    // The stand-in's page begins without a memory, so that no draft is open.
    await again.draft('desktop.png');
    await again.page.getByRole('treeitem', { name: /^Original/u }).click();
    await expect(again.stage).toHaveAccessibleName('Image on the stage: Original');
    await expect(again.page.getByRole('button', { name: 'Undo Brush' })).toBeEnabled();
    expect(editor.posts()).toHaveLength(1);
  } finally {
    await editor.close();
  }
});

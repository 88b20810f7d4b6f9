import { accessibilityFaults } from './accessibility.ts';
import { expect, pngFile, test } from './canvas-easel.ts';

test('drawing, review and choosing pass the accessibility checks', async ({ easel }) => {
  const { page, editor, prompt, send, stage } = easel;
  await easel.open(await pngFile('open.png', 256, 192, 60));
  await expect(stage).toBeVisible();
  await stage.focus();
  await page.keyboard.press('Shift+Tab');
  const tools = page.getByRole('toolbar', { name: 'Tools' }).getByRole('button');
  await tools.and(page.locator('[tabindex="0"]')).focus();
  await page.keyboard.press('Home');
  for (const tool of await tools.all()) {
    await expect(tool).toBeFocused();
    await expect(tool).toHaveAccessibleName(/^\S/u);
    await expect(tool).toHaveCSS('outline-style', 'solid');
    await page.keyboard.press('ArrowDown');
  }
  for (const name of ['Rectangle', 'Arrow', 'Crop']) {
    await easel.tool(name);
    expect(await accessibilityFaults(page)).toEqual([]);
  }

  await easel.tool('Rectangle');
  await easel.drag([20, 20], [90, 90]);
  await prompt.fill('A door');
  await send.click();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();
  expect(await accessibilityFaults(page)).toEqual([]);

  await page.getByRole('radio', { name: 'Edit', exact: true }).click();
  await page.getByRole('spinbutton', { name: 'Number of variations' }).fill('2');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Create 2 variations' }).click();
  const sheet = page.getByRole('region', { name: 'Contact sheet' });
  await expect(sheet.getByRole('option', { name: 'Variation 2 of 2', exact: true })).toBeVisible();
  await expect.poll(() => editor.posts().length).toBe(3);
  expect(await accessibilityFaults(page)).toEqual([]);
});

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentFor, expect, test } from './fixtures.ts';
import { imageWithPrompt } from './imported-images.ts';
import { promptField } from './library-cells.ts';

/** A host that starts with a profile, so that the library is there at once. */
const ENVIRONMENT = { OPENAI_API_KEY: 'sk-test-0123456789abcdef', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };

test('a folder is imported, found by its prompts, and skipped the second time', async ({ page, host, home }) => {
  const folder = join(home, 'downloads');
  await mkdir(folder);
  await writeFile(join(folder, 'fox.png'), await imageWithPrompt('#c52', 'a red fox'));
  await writeFile(join(folder, 'hare.png'), await imageWithPrompt('#25c', 'a blue hare'));
  await writeFile(join(folder, 'notes.txt'), 'words');
  const { url } = await host({ environment: ENVIRONMENT });
  await page.goto(url);
  await page.getByRole('link', { name: 'Library' }).click();
  await page.keyboard.press('ControlOrMeta+o');
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByLabel('Path of a file or folder').fill(folder);
  await dialog.getByRole('button', { name: 'Look' }).click();
  await expect(dialog.getByText('2 from Automatic1111')).toBeVisible();
  await dialog.getByText('The file isn’t an image.').click();
  await expect(dialog.getByText('downloads/notes.txt')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import 2 images' }).click();
  await expect(dialog.getByText('2 imported, 1 couldn’t be imported')).toBeVisible();
  await dialog.getByRole('button', { name: 'Show imported' }).click();
  await expect(page.getByRole('gridcell')).toHaveCount(2);
  await page.getByRole('combobox', { name: /Search/u }).fill('fox');
  await expect(page.getByRole('gridcell')).toHaveCount(1);
  await page.getByRole('gridcell', { name: /a red fox/u }).dblclick();
  await expect(page.getByText('fox.png')).toBeVisible();
  await expect(page.getByText('Automatic1111')).toBeVisible();
  // The record scrolls, the window never does.
  await page.setViewportSize({ width: 1000, height: 600 });
  const metadata = page.getByText('Metadata in the file');
  await metadata.click();
  await page.getByText(/^a red fox\s+Steps: 20/u).waitFor();
  await metadata.evaluate((element) => element.scrollIntoView());
  expect(await page.evaluate(() => document.scrollingElement?.scrollTop)).toBe(0);

  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await dialog.getByLabel('Path of a file or folder').fill(folder);
  await dialog.getByRole('button', { name: 'Look' }).click();
  await expect(dialog.getByText('Nothing new to import')).toBeVisible();
});

test('files that are dropped on the library are uploaded and imported', async ({ page, host }) => {
  const { url } = await host({ environment: ENVIRONMENT });
  await page.goto(url);
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
  const bytes = (await imageWithPrompt('#2a6', 'a green heron')).toString('base64');
  const transfer = await page.evaluateHandle((base64) => {
    const data = new DataTransfer();
    const file = new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'heron.png');
    data.items.add(file);
    return data;
  }, bytes);
  await page.dispatchEvent('body', 'drop', { dataTransfer: transfer });
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByRole('button', { name: 'Import 1 image' }).click();
  await expect(dialog.getByText('1 imported')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('gridcell', { name: /a green heron/u })).toBeVisible();
});

test('an image that is pasted is imported; words, and what is pasted into a field, are not', async ({ page, host }) => {
  const { url } = await host({ environment: ENVIRONMENT });
  await page.goto(url);
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).waitFor();
  const bytes = (await imageWithPrompt('#26a', 'a grey heron')).toString('base64');
  /** Pastes where the focus is. Whether the page took it: otherwise the browser does what it always does. */
  const paste = (file: string | null, text: string | null) =>
    page.evaluate(
      ({ file: base64, text: words }) => {
        const clipboardData = new DataTransfer();
        if (words !== null) clipboardData.setData('text/plain', words);
        if (base64 !== null)
          clipboardData.items.add(
            new File([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], 'heron.png', {
              type: 'image/png',
            }),
          );
        const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
        return !(document.activeElement ?? document.body).dispatchEvent(event);
      },
      { file, text },
    );
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  expect(await paste(null, '/home/me/heron.png')).toBe(false);
  await page.getByRole('combobox', { name: /Search/u }).focus();
  expect(await paste(bytes, null)).toBe(false);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  await expect(dialog).toBeHidden();
  expect(await paste(bytes, null)).toBe(true);
  await dialog.getByRole('button', { name: 'Import 1 image' }).click();
  await expect(dialog.getByText('1 imported')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('gridcell', { name: /a grey heron/u })).toBeVisible();
});

test('an imported image is varied, edited on the canvas and created again from its own prompt', async ({
  page,
  host,
  home,
  demo,
}) => {
  const folder = join(home, 'downloads');
  await mkdir(folder);
  await writeFile(join(folder, 'fox.png'), await imageWithPrompt('#c52', 'a red fox'));
  await page.goto((await host({ environment: environmentFor(await demo()) })).url);
  await page.getByRole('link', { name: 'Library' }).click();
  await page.keyboard.press('ControlOrMeta+o');
  const dialog = page.getByRole('dialog', { name: 'Import images' });
  await dialog.getByLabel('Path of a file or folder').fill(folder);
  await dialog.getByRole('button', { name: 'Look' }).click();
  await dialog.getByRole('button', { name: 'Import 1 image' }).click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const fox = page.getByRole('gridcell', { name: /a red fox/u }).first();
  const choose = async (item: string) => {
    await fox.click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
  };

  await choose('Variation in Create');
  await expect(page.getByRole('button', { name: /^Reference 1 of 1/u })).toBeVisible();
  await page.getByRole('textbox', { name: 'Variation prompt' }).fill('the fox in snow');
  await page.getByRole('button', { name: /^Create 1 variation/u }).click();
  await expect(page.getByRole('main').getByRole('link', { name: /the fox in snow/u })).toBeVisible();

  await page.getByRole('link', { name: 'Library' }).click();
  await choose('Edit in Canvas');
  await promptField(page).fill('a hat for the fox');
  await page.getByRole('button', { name: /^Create 1 image/u }).click();
  await page.getByRole('button', { name: 'Edit the whole image' }).click();
  await expect(page.getByRole('group', { name: 'Review' })).toBeVisible();

  await page.getByRole('link', { name: 'Library' }).click();
  await choose('Reuse in Create');
  await expect(promptField(page)).toHaveValue('a red fox');
  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('combobox', { name: /Search/u }).fill('fox');
  await expect(page.getByRole('gridcell')).toHaveCount(3);
  await choose('Show family');
  await expect(page.getByRole('tree', { name: 'Family' }).getByRole('treeitem')).toHaveCount(3);
});

import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import '../../../../renderer/app.css';
import type { DraftList } from '../../../../renderer/canvas/drafts/DraftList.svelte.ts';
import DraftTabs from '../../../../renderer/canvas/drafts/DraftTabs.svelte';

/** Two drafts, the second of which is open. */
function twoDrafts() {
  const [first, second] = ['first', 'second'].map((name) => ({ id: name, name, rename: () => undefined }));
  const done = () => Promise.resolve();
  const list = { all: [first, second], current: second } as unknown as DraftList;
  return { list, onopen: done, onremove: done, onnew: () => undefined };
}

test('the focus stays in the row of drafts after renaming, cancelling and deleting', async () => {
  await render(DraftTabs, twoDrafts());
  const open = page.getByRole('tab', { selected: true });
  for (const end of ['{Enter}', '{Escape}']) {
    await open.click();
    await userEvent.keyboard('{F2}');
    await expect.element(page.getByRole('textbox', { name: 'Draft name' })).toHaveFocus();
    await userEvent.keyboard(end);
    await expect.element(open).toHaveFocus();
  }
  await userEvent.keyboard('{Delete}');
  await page.getByRole('button', { name: 'Delete draft', exact: true }).click();
  await expect.element(open).toHaveFocus();
});

test('the Enter that accepts a composed word does not end the name', async () => {
  await render(DraftTabs, twoDrafts());
  await page.getByRole('tab', { selected: true }).click();
  await userEvent.keyboard('{F2}');
  const field = page.getByRole('textbox', { name: 'Draft name' });
  await expect.element(field).toHaveFocus();
  for (const key of ['Enter', 'Escape'])
    for (const sign of [{ isComposing: true }, { keyCode: 229 }])
      field.element().dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, ...sign }));
  await expect.element(field).toHaveFocus();
});

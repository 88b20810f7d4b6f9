import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import OtherLibraries from '../../../renderer/settings/OtherLibraries.svelte';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio } from '../state/scripted-studio.ts';

test('each step of opening a library has the focus where the person goes on', async () => {
  const opening = Promise.withResolvers<unknown>();
  const { studio } = scriptedStudio({
    'libraries.inspect': ({ folder }: { folder: string }) => ({ folder, kind: 'library', open: false, shared: null }),
    'libraries.open': () => opening.promise,
  });
  await renderInApp(OtherLibraries, { studio }, {});
  await page.getByRole('button', { name: 'Open or create a library…' }).click();
  const field = page.getByLabelText('Folder on this computer');
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('/disk/fish{Tab}');
  await userEvent.keyboard('{Tab}');
  await expect.element(page.getByRole('button', { name: 'Continue' })).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  const open = page.getByRole('button', { name: 'Open library' });
  await expect.element(open).toHaveFocus();
  await page.getByRole('button', { name: 'Choose again' }).click();
  await expect.element(field).toHaveFocus();
  await userEvent.keyboard('{Enter}');
  await expect.element(open).toHaveFocus();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  await userEvent.keyboard('{Enter}');
  const dialog = page.getByRole('dialog', { name: 'Open this library?' });
  // It is disabled while it works, and takes no second press.
  await expect.element(dialog).toHaveFocus();
  opening.resolve({ refusal: { code: 'library-locked', message: 'It is open elsewhere.', billing: 'none' } });
  await expect.element(open).toHaveFocus();
  await expect.element(dialog.getByText('It is open elsewhere.')).toBeVisible();
});

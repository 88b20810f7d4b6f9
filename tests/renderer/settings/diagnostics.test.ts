import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import { watchCopies } from '../shared/watch-copies.ts';
import SettingsHarness from './SettingsHarness.svelte';
import { HOST, OPENAI, StudioInPage } from './studio-in-page.ts';

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = (name: string) => page.getByRole('dialog', { name });

async function openAbout(revealInFolder: boolean): Promise<StudioInPage> {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  const host = { ...HOST, capabilities: { ...HOST.capabilities, revealInFolder } };
  await render(SettingsHarness, { far, host });
  await page.getByRole('navigation').getByRole('button', { name: 'About' }).click();
  return far;
}

test('the log is shown in the file manager where the host can do that', async () => {
  const far = await openAbout(true);
  await button('Show log').click();
  await expect.poll(() => far.of('host.revealLog')).toEqual([{}]);
  expect(far.of('host.getLog')).toEqual([]);
  await expect.element(dialog('Log')).not.toBeInTheDocument();
});

test('in the browser the end of the log is shown with its path, and can be copied', async () => {
  await openAbout(false);
  await button('Show log').click();
  await expect.element(dialog('Log')).toHaveAccessibleDescription('/home/me/.config/Emulsion/logs/browser.log');
  const text = page.getByRole('textbox', { name: 'Log' });
  await expect.element(text).toHaveValue('first line\nlast line');
  await expect.element(text).toHaveAttribute('readonly');
  const copies = watchCopies();
  await dialog('Log').getByRole('button', { name: 'Copy' }).click();
  await expect.element(dialog('Log')).not.toBeInTheDocument();
  expect(copies()).toEqual(['first line\nlast line']);
});

test('diagnostics are read before they are copied, and nothing is copied by closing', async () => {
  await openAbout(true);
  const copies = watchCopies();
  await button('Copy diagnostics').click();
  await expect
    .element(page.getByRole('textbox', { name: 'Diagnostics' }))
    .toHaveValue('Emulsion: 0.1.0, in the browser\nLog:\nlast line');
  const { violations } = await axe.run(document.body);
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html ?? ''}`)).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog('Diagnostics')).not.toBeInTheDocument();
  expect(copies()).toEqual([]);
  await button('Copy diagnostics').click();
  await dialog('Diagnostics').getByRole('button', { name: 'Copy' }).click();
  await expect.poll(copies).toEqual([expect.stringContaining('last line')]);
});

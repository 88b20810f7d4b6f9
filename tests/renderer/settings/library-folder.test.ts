import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import LibraryFolder from '../../../renderer/settings/LibraryFolder.svelte';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio } from '../state/scripted-studio.ts';
import { StudioInPage } from './studio-in-page.ts';

const { settings: SETTINGS } = new StudioInPage();

test('a library that can’t be written says what can be done with it', async () => {
  const settings = { ...SETTINGS, library: { ...SETTINGS.library, readOnly: true as const } };
  await renderInApp(LibraryFolder, { studio: scriptedStudio({}).studio }, { settings });
  await expect.element(page.getByText('This library is read-only.')).toBeVisible();
  await expect.element(page.getByText(/copy the library to another disk below/u)).toBeVisible();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
});

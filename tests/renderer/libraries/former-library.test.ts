import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import FormerLibrary from '../../../renderer/libraries/FormerLibrary.svelte';
import { StudioState } from '../../../renderer/state/studio-state.svelte.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { HOST, scriptedStudio, type ScriptedStudio } from '../state/scripted-studio.ts';

const OLD = '/disk/old library';

async function shown(
  answers: Parameters<typeof scriptedStudio>[0] = {},
  { canTrash = true, platform = 'linux' }: { canTrash?: boolean; platform?: HostInfo['platform'] } = {},
): Promise<ScriptedStudio> {
  const script = scriptedStudio({ 'libraries.former': () => ({ folder: OLD, canTrash }), ...answers });
  const mirror = new StudioState(script.studio);
  await renderInApp(FormerLibrary, { studio: script.studio, mirror, host: { ...HOST, platform } }, {});
  return script;
}

const SENTENCE = `This library is a proven copy. The old one is still in ${OLD}.`;
const line = page.getByText(SENTENCE);
const called = ({ calls }: ScriptedStudio, endpoint: string) =>
  calls.filter((call) => call.endpoint === endpoint).map(({ payload }) => payload);

test('the old folder is moved to the trash only after a question that names it', async () => {
  const script = await shown();
  await page.getByRole('button', { name: 'Move to Trash…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move the old folder to the Trash?' });
  await expect
    .element(dialog.getByText(new RegExp(`^${OLD} is compared with what was copied first`, 'u')))
    .toBeVisible();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  expect(called(script, 'libraries.trashFormer')).toEqual([]);
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
  expect(called(script, 'libraries.trashFormer')).toEqual([]);
  await page.getByRole('button', { name: 'Move to Trash…' }).click();
  await dialog.getByRole('button', { name: 'Move to Trash' }).click();
  await expect.element(line).not.toBeInTheDocument();
  expect(called(script, 'libraries.trashFormer')).toEqual([{ folder: OLD }]);
});

test('a refusal is said in the dialog, and the question stays', async () => {
  const message = 'Something was added or changed in it after it was copied.';
  await shown({
    'libraries.trashFormer': () => ({ refusal: { code: 'parameter-invalid', message, billing: 'none' } }),
  });
  await page.getByRole('button', { name: 'Move to Trash…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Move to Trash' }).click();
  await expect.element(dialog.getByText(message)).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.element(line).toBeVisible();
});

test('a folder that is kept isn’t asked about any more', async () => {
  const script = await shown();
  await page.getByRole('button', { name: 'Keep it' }).click();
  await expect.element(line).not.toBeInTheDocument();
  expect(called(script, 'libraries.keepFormer')).toHaveLength(1);
  expect(called(script, 'libraries.trashFormer')).toEqual([]);
});

test('Windows has a Recycle Bin', async () => {
  await shown({}, { platform: 'windows' });
  await page.getByRole('button', { name: 'Move to Recycle Bin…' }).click();
  await expect.element(page.getByRole('dialog', { name: 'Move the old folder to the Recycle Bin?' })).toBeVisible();
});

test('a host without a trash says where the folder is, and a library that is no copy says nothing', async () => {
  await shown({}, { canTrash: false });
  await expect.element(page.getByText(`${SENTENCE} You can delete it yourself.`)).toBeVisible();
  await expect.element(page.getByRole('button', { name: /^Move to/u })).not.toBeInTheDocument();
});

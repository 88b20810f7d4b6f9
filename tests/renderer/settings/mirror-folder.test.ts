import axe from 'axe-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { MirrorFolder, MirrorStatus } from '../../../electron/contract/entities/mirror-folder.ts';
import { setClock } from '../../../renderer/page/clock.ts';
import { choiceLine, mirrorLine, nameExample } from '../../../renderer/settings/mirror-labels.ts';
import { toasts } from '../../../renderer/shared/feedback/toasts.svelte.ts';
import SettingsHarness from './SettingsHarness.svelte';
import { HOST, NOW, OPENAI, REFUSED, StudioInPage } from './studio-in-page.ts';

const FOLDER = '/media/backup/Images';
const CHOSEN: MirrorFolder = { folder: FOLDER, images: 'originals', names: '{date} {prompt}', paused: false };
const COMPLETE: MirrorStatus = { state: 'complete', done: 1204, total: 1204, failed: 0, problem: null };

beforeEach(() => setClock(() => NOW));
afterEach(() => setClock(null));

const section = () => page.getByRole('region', { name: 'Mirror folder' });
const button = (name: string) => section().getByRole('button', { name, exact: true });

async function shown(host = HOST): Promise<StudioInPage> {
  const far = new StudioInPage([OPENAI], OPENAI.id);
  await render(SettingsHarness, { far, host });
  await page.getByRole('button', { name: 'Library folder' }).click();
  return far;
}

function say(far: StudioInPage, mirror: MirrorStatus): void {
  far.settings = { ...far.settings, library: { ...far.settings.library, mirror } };
}

test('images are copied to a chosen folder, as originals or with details, until that is stopped', async () => {
  const far = await shown();
  await section().getByRole('radio', { name: 'Copies with details' }).click();
  await expect.element(section().getByText(/^With prompt, parameters, rating/u)).toBeVisible();
  await section().getByRole('textbox', { name: 'File names' }).fill('{model} {prompt}');
  await expect
    .element(section().getByText('For example: gpt-image-2.6-sunburst A lighthouse at dusk.png'))
    .toBeVisible();
  await button('Choose a folder…').click();
  await expect.element(section().getByText(FOLDER, { exact: true })).toBeVisible();
  await expect.element(section().getByText('Copies with details, named {model} {prompt}')).toBeVisible();
  await expect.element(section().getByText('Looking at the folder…')).toBeVisible();
  say(far, COMPLETE);
  await expect.element(section().getByText('1,204 images copied.')).toBeVisible();
  await button('Stop mirroring').click();
  await expect.element(section().getByText(`Stopped. The files in ${FOLDER} stay there.`)).toBeVisible();
  expect(far.of('mirrorFolder.set')).toEqual([
    { mirror: { folder: FOLDER, images: 'copies', names: '{model} {prompt}' } },
    { mirror: null },
  ]);
});

test('it is paused and resumed, and missing copies are made again', async () => {
  const far = await shown();
  far.settings = { ...far.settings, mirrorFolder: CHOSEN };
  say(far, { ...COMPLETE, state: 'copying', done: 12 });
  await expect.element(section().getByText('Copying: 12 of 1,204 images.')).toBeVisible();
  await button('Pause').click();
  await expect.element(section().getByText('Paused. 12 of 1,204 images copied.')).toBeVisible();
  await expect.element(button('Copy missing images')).not.toBeInTheDocument();
  // The same button: a keyboard stays where it is.
  await expect.element(button('Resume')).toHaveFocus();
  await button('Resume').click();
  await button('Copy missing images').click();
  await expect.poll(() => toasts.current?.message).toBe('Copies that aren’t in the mirror folder are made again.');
  expect(far.of('mirrorFolder.pause')).toEqual([{ paused: true }, { paused: false }]);
  expect(far.of('mirrorFolder.copyMissing')).toHaveLength(1);
});

test('where it can’t go on, that is said with what to do', async () => {
  const far = await shown();
  far.settings = { ...far.settings, mirrorFolder: CHOSEN };
  const problem = `${FOLDER} isn’t there. Connect its disk. Copying continues by itself when it is back.`;
  say(far, { state: 'waiting', done: 12, total: 30, failed: 0, problem });
  await expect.element(section().getByRole('alert').getByText(problem)).toBeVisible();
  await expect.element(section().getByText('12 of 30 images copied.')).toBeVisible();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
});

test('a folder is typed where it can’t be chosen; a refused one stays in its field', async () => {
  const far = await shown({ ...HOST, capabilities: { ...HOST.capabilities, chooseFolder: false } });
  await expect.element(button('Start mirroring')).toBeDisabled();
  const field = section().getByRole('textbox', { name: 'Folder to copy to' });
  await field.fill(` ${FOLDER} `);
  far.changeRefusal = {
    ...REFUSED,
    code: 'parameter-invalid',
    field: 'folder',
    message: 'It belongs to another library.',
  };
  await button('Start mirroring').click();
  await expect.element(section().getByRole('alert').getByText('It belongs to another library.')).toBeVisible();
  await expect.element(field).toHaveValue(` ${FOLDER} `);
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
  far.changeRefusal = null;
  await button('Start mirroring').click();
  await expect.element(section().getByText(FOLDER, { exact: true })).toBeVisible();
  await expect.element(section().getByRole('alert')).not.toBeInTheDocument();
  expect(far.of('mirrorFolder.set').at(-1)).toEqual({
    mirror: { folder: FOLDER, images: 'originals', names: '{date} {prompt}' },
  });
});

describe('the state in a sentence', () => {
  test.each<[string | null, Partial<MirrorFolder>, Partial<MirrorStatus> | undefined]>([
    ['Looking at the folder…', {}, undefined],
    ['Paused.', { paused: true }, undefined],
    ['Paused. 1,204 images copied.', { paused: true }, {}],
    ['No images to copy yet.', {}, { done: 0, total: 0 }],
    ['1 image copied.', {}, { done: 1, total: 1 }],
    [
      '1,201 images copied, 3 couldn’t be: their files are missing or damaged in the library. Check library names them.',
      {},
      { done: 1201, failed: 3 },
    ],
    [
      '0 images copied, 1 couldn’t be: its file is missing or damaged in the library. Check library names it.',
      {},
      { done: 0, total: 1, failed: 1 },
    ],
    [null, {}, { state: 'waiting', done: null, total: null, problem: 'It is gone.' }],
  ])('%s', (line, chosen, status) => {
    expect(mirrorLine({ ...CHOSEN, ...chosen }, status && { ...COMPLETE, ...status })).toBe(line);
  });

  test('of names and of what is copied', () => {
    expect(nameExample('{date} {prompt}')).toBe('For example: 2026-12-02 A lighthouse at dusk.png');
    expect(nameExample('{nothing} {id}')).toBe('For example: {nothing} 3f9ac1d2.png. {nothing} stays as it is.');
    expect(choiceLine(CHOSEN)).toBe('Originals, named {date} {prompt}');
  });
});

import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { QuarantinedFile, QuarantineId } from '../../../electron/contract/entities/quarantine.ts';
import Quarantine from '../../../renderer/settings/Quarantine.svelte';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio, type ScriptedStudio } from '../state/scripted-studio.ts';

const FILES = Array.from({ length: 45 }, (_, at): QuarantinedFile => {
  const name = `${at}.png`;
  return {
    id: `${at}`.padStart(4, '0') as QuarantineId,
    name,
    bytes: 1200 + at,
    at: Date.UTC(2026, 11, 2),
    reason: 'unlisted',
    format: 'png',
    isImage: at % 2 === 0,
  };
});

interface Asked {
  after: string | null;
  limit: number;
}

async function shown(
  files: QuarantinedFile[],
  answers: Parameters<typeof scriptedStudio>[0] = {},
): Promise<ScriptedStudio> {
  const script = scriptedStudio({
    'quarantine.list': ({ after, limit }: Asked) => {
      const from = after === null ? 0 : files.findIndex(({ id }) => id === after) + 1;
      const part = files.slice(from, from + limit);
      return { files: part, next: from + limit < files.length ? (part.at(-1)?.id ?? null) : null, total: files.length };
    },
    ...answers,
  });
  await renderInApp(Quarantine, { studio: script.studio }, {});
  return script;
}

const button = (name: string): ReturnType<typeof page.getByRole> => page.getByRole('button', { name });
const rows = (): number => page.getByRole('listitem').elements().length;

test('files are shown in parts, with what can be done with each', async () => {
  await shown(FILES);
  await expect.element(page.getByText('45 files')).toBeVisible();
  expect(rows()).toBe(20);
  await button('Show more').click();
  await expect.poll(rows).toBe(40);
  await button('Show more').click();
  await expect.poll(rows).toBe(45);
  expect(button('Show more').query()).toBeNull();
  expect(page.getByRole('button', { name: 'Restore' }).elements()).toHaveLength(23);
  expect(page.getByRole('link', { name: 'Save' }).elements()).toHaveLength(45);
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
});

test('a file is deleted only after it was asked for', async () => {
  const script = await shown(FILES.slice(0, 2));
  await button('Delete…').last().click();
  const dialog = page.getByRole('dialog');
  await expect
    .element(dialog)
    .toMatchTextContent(/1\.png can’t be brought back\. No image, record or other file is changed\./u);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect.element(dialog).not.toBeInTheDocument();
  expect(script.calls.some(({ endpoint }) => endpoint === 'quarantine.remove')).toBe(false);
  await button('Delete…').last().click();
  await page.getByRole('button', { name: 'Delete for good' }).click();
  await expect.element(page.getByText('1 file deleted.')).toBeVisible();
  expect(rows()).toBe(1);
  expect(script.calls.filter(({ endpoint }) => endpoint === 'quarantine.remove').map(({ payload }) => payload)).toEqual(
    [{ id: '0001' }],
  );
});

test('a file is restored, or stays with the reason', async () => {
  let isRefused = true;
  const refusal = { code: 'input-invalid', message: 'It isn’t an image that can be decoded.', billing: 'none' };
  await shown(FILES.slice(0, 1), { 'quarantine.restore': () => (isRefused ? { refusal } : { as: 'image' }) });
  await button('Restore').click();
  await expect.element(page.getByText('It isn’t an image that can be decoded.')).toBeVisible();
  expect(rows()).toBe(1);
  isRefused = false;
  await button('Restore').click();
  await expect.element(page.getByText('Restored: added as an imported image.')).toBeVisible();
  await expect.element(page.getByText('No file is in the quarantine.')).toBeVisible();
});

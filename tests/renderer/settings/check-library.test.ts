import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { CheckReport, FoundFiles } from '../../../electron/contract/entities/checks.ts';
import type { RunOf } from '../../../electron/contract/entities/runs.ts';
import CheckLibrary from '../../../renderer/settings/CheckLibrary.svelte';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio } from '../state/scripted-studio.ts';

const none: FoundFiles = { count: 0, files: [] };
const SOUND: CheckReport = {
  originals: 1200,
  bytes: 2_400_000,
  damaged: none,
  missing: none,
  unreadable: none,
  unlisted: none,
  withoutThumbnail: none,
  incompleteRecords: 0,
  databaseDamage: [],
};

async function checked(result: CheckReport): Promise<void> {
  const { studio } = scriptedStudio({
    'check.start': (payload) => {
      const run: RunOf<'check'> = {
        id: (payload as { runId: RunOf<'check'>['id'] }).runId,
        kind: 'check',
        state: 'done',
        done: 1200,
        total: 1200,
        name: null,
        startedAt: 1,
        endedAt: 2,
        error: null,
        result,
      };
      return run;
    },
  });
  await renderInApp(CheckLibrary, { studio }, {});
  await page.getByRole('button', { name: 'Check library' }).click();
}

test('a sound library is said to be sound', async () => {
  await checked(SOUND);
  await expect.element(page.getByText(/^1,200 originals checked, .*: no damage found\.$/u)).toBeVisible();
});

test('findings are named with their files and what to do', async () => {
  const files = Array.from({ length: 25 }, (_, at) => `originals/ab/${at}.png`);
  await checked({ ...SOUND, damaged: { count: 25, files }, incompleteRecords: 1 });
  await expect.element(page.getByRole('heading', { name: '25 originals damaged' })).toBeVisible();
  await expect.element(page.getByText('originals/ab/3.png', { exact: true })).toBeVisible();
  await expect.element(page.getByText('and 5 more')).toBeVisible();
  await expect.element(page.getByText('1 record incomplete. Written again at the next start.')).toBeVisible();
  expect(page.getByText('no damage found').query()).toBeNull();
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
});

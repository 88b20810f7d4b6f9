import axe from 'axe-core';
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import {
  FINDINGS,
  type CheckReport,
  type FoundFiles,
  type RepairOutcomes,
} from '../../../electron/contract/entities/checks.ts';
import type { RunKind, RunOf, RunResults } from '../../../electron/contract/entities/runs.ts';
import CheckLibrary from '../../../renderer/settings/CheckLibrary.svelte';
import { outcomeLine } from '../../../renderer/settings/check-labels.ts';
import { reportFile } from '../../../renderer/settings/check-report.ts';
import { renderInApp } from '../state/render-in-app.ts';
import { scriptedStudio, type ScriptedStudio } from '../state/scripted-studio.ts';
import { StudioInPage } from './studio-in-page.ts';

const { settings: SETTINGS } = new StudioInPage();
const none: FoundFiles = { count: 0, files: [] };
const found = (count: number, name = 'originals/ab/'): FoundFiles => ({
  count,
  files: Array.from({ length: Math.min(count, 20) }, (_, at) => `${name}${at}.png`),
});
const SOUND = {
  originals: 1200,
  bytes: 2_400_000,
  ...Object.fromEntries(FINDINGS.map((kind) => [kind, none])),
  databaseDamage: [],
} as unknown as CheckReport;

function ended<K extends RunKind>(
  kind: K,
  id: string,
  result: RunResults[K] | null,
  more: Partial<RunOf<K>> = {},
): RunOf<K> {
  return {
    id: id as RunOf<K>['id'],
    kind,
    state: 'done',
    done: 1200,
    total: 1200,
    name: null,
    startedAt: 1,
    endedAt: 2,
    error: null,
    result,
    ...more,
  };
}

async function checked(result: CheckReport, repairs: RepairOutcomes[] = []): Promise<ScriptedStudio> {
  const ends = [...repairs];
  const script = scriptedStudio({
    'check.start': ({ runId }: { runId: string }) => ended('check', runId, result),
    'check.repair': ({ runId }: { runId: string }) =>
      ended('repair', runId, ends.shift() ?? {}, { startedAt: 3, endedAt: 4 }),
    'settings.dismissUnlisted': () => SETTINGS,
  });
  await renderInApp(CheckLibrary, { studio: script.studio }, { settings: SETTINGS });
  await page.getByRole('button', { name: 'Check library' }).click();
  return script;
}

const button = (name: string): ReturnType<typeof page.getByRole> => page.getByRole('button', { name });

test('a sound library is said to be sound', async () => {
  await checked(SOUND);
  await expect.element(page.getByText(/^1,200 originals checked, .*: no damage found\.$/u)).toBeVisible();
});

test('findings are named with their files and what to do; what can’t be repaired has no button', async () => {
  await checked({ ...SOUND, damaged: found(25), missing: found(1, 'originals/cd/') });
  await expect.element(page.getByRole('heading', { name: '25 originals damaged' })).toBeVisible();
  await expect.element(page.getByText('originals/ab/3.png', { exact: true })).toBeVisible();
  await expect.element(page.getByText('and 5 more')).toBeVisible();
  expect(page.getByText('no damage found').query()).toBeNull();
  expect(page.getByRole('button').elements()).toHaveLength(2);
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
});

test('rows without what they refer to are repaired by a rebuild from the records, which asks first', async () => {
  await checked({ ...SOUND, orphanRows: found(2, 'images.generation_id ') });
  await expect.element(page.getByText(/^Makes a new database from the records\./u)).toBeVisible();
  await button('Rebuild from records…').click();
  await expect.element(page.getByRole('dialog', { name: 'Rebuild the database?' })).toBeVisible();
  await expect
    .element(page.getByText(/^The library closes .* The old one is kept in the library’s folder\./u))
    .toBeVisible();
});

test('files that aren’t listed are added, and those that can’t be are moved to the quarantine', async () => {
  const unlisted = { repaired: 2, skipped: 1, failed: found(1) };
  const script = await checked({ ...SOUND, unlisted: found(3), unlistedRecords: found(1, 'records/') }, [
    { unlisted },
    { unlisted, quarantine: { repaired: 1, skipped: 0, failed: none } },
  ]);
  await expect.element(page.getByRole('heading', { name: '4 files not listed' })).toBeVisible();
  await button('Add to library').click();
  const added = page.getByText(
    /^2 files added\. 1 had changed since the check and was left alone\. 1 file couldn’t be added/u,
  );
  await expect.element(added).toBeVisible();
  await button('Move to quarantine').click();
  await expect.element(page.getByText('1 file moved to the quarantine.')).toBeVisible();
  expect(button('Move to quarantine').query()).toBeNull();
  const repairs = script.calls.filter(({ endpoint }) => endpoint === 'check.repair');
  expect(repairs.map(({ payload }) => (payload as { repair: string }).repair)).toEqual(['unlisted', 'quarantine']);
  expect((await axe.run(document.body, { runOnly: ['wcag2a', 'wcag2aa'] })).violations).toEqual([]);
});

test('records and thumbnails have a repair each, which stays offered until it was done', async () => {
  const done = { repaired: 1, skipped: 0, failed: none };
  await checked({ ...SOUND, records: found(1, 'records/'), withoutThumbnail: found(1) }, [{ thumbnails: done }]);
  await button('Create thumbnails again').click();
  await expect.element(page.getByText('Thumbnails of 1 image created again.')).toBeVisible();
  expect(button('Create thumbnails again').query()).toBeNull();
  await expect.element(button('Write records again')).toBeEnabled();
});

test('files that were noticed at the start lead to the check, or are dismissed', async () => {
  const script = scriptedStudio({ 'settings.dismissUnlisted': () => SETTINGS });
  const unlisted = { count: 1, folder: '/images/originals', files: ['originals/ab/cd.png'] };
  const settings = { ...SETTINGS, library: { ...SETTINGS.library, unlisted } };
  await renderInApp(CheckLibrary, { studio: script.studio }, { settings });
  await expect.element(page.getByText(/Check the library to add them\./u)).toBeVisible();
  await button('Dismiss').click();
  await expect.poll(() => script.calls.some(({ endpoint }) => endpoint === 'settings.dismissUnlisted')).toBe(true);
});

test('a repair that could do nothing says only that', () => {
  const failed = found(1);
  expect(outcomeLine('unlisted', { repaired: 0, skipped: 0, failed })).toBe(
    '1 file couldn’t be added: not an image, or damaged.',
  );
  expect(outcomeLine('records', { repaired: 0, skipped: 0, failed: none })).toBe('0 records written again.');
});

test('the saved report has every name', async () => {
  const names = Array.from({ length: 4500 }, (_, at) => `originals/ab/${at}.png`);
  const { studio } = scriptedStudio({
    'check.findings': ({ after, limit }: { after: number; limit: number }) => ({
      names: names.slice(after, after + limit),
      next: after + limit < names.length ? after + limit : null,
    }),
  });
  const report = { ...SOUND, missing: found(4500), databaseDamage: ['row 1 missing from index'] };
  const file = await reportFile(studio, report, { folder: '/images', checkedAt: 0 });
  const lines = (await file.text()).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'Emulsion: check of a library',
    'Folder: /images',
    'Checked: 1970-01-01T00:00:00.000Z',
    'Originals: 1200, 2400000 bytes',
  ]);
  expect(lines).toContain('  row 1 missing from index');
  const from = lines.indexOf('Missing originals: 4500') + 1;
  expect(lines.slice(from, from + 4500)).toEqual(names.map((name) => `  ${name}`));
  expect(lines).toContain('Damaged originals: 0');
});

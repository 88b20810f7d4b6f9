import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator, Page } from '@playwright/test';
import { ANIMALS, damageLibrary } from '../e2e/damaged-library.ts';
import { importImages } from '../e2e/imported-images.ts';
import { openLibrarySettings } from '../e2e/library-settings.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { NARROW, openWindow, photograph, settled, WIDE, type Camera } from './looks.ts';

const SCENES = [
  'settings-mirror',
  'settings-mirrored',
  'settings-mirror-waiting',
  'settings-copy',
  'settings-copied',
  'settings-snapshots',
  'settings-restore',
  'settings-check',
  'settings-repaired',
  'settings-quarantine',
  'settings-quarantine-delete',
] as const;

type Shoot = (name: (typeof SCENES)[number], section?: Locator) => Promise<void>;

/** Photographs the mirror folder, check, quarantine, snapshots and copies of a damaged library, in the settings. */
export async function shootKeeping(browser: Browser, camera: Camera): Promise<void> {
  if (!SCENES.some((name) => camera.wants(name))) return;
  for (const size of [NARROW, WIDE]) {
    const { home, remove } = await makeHome();
    const host = await startLoopbackHost({ home, environment: { OPENAI_API_KEY: 'sk-demo-0123456789abcdef' } });
    try {
      const page = await openWindow(browser, host.url, size);
      const images = await importImages(page, join(home, 'downloads'), ANIMALS);
      await openLibrarySettings(page);
      const shoot: Shoot = async (name, section) => {
        if (!camera.wants(name, size.width)) return;
        await section?.evaluate((element) => element.scrollIntoView());
        await settled(page);
        await photograph(page, camera, name);
      };
      await mirror(page, join(home, 'mirror'), shoot);
      await copyAndRestore(page, join(home, 'a copy'), shoot);
      await damageLibrary(join(home, 'library'), images);
      await repair(page, shoot);
      await page.close();
    } finally {
      await host.stop();
      await remove();
    }
  }
}

async function mirror(page: Page, folder: string, shoot: Shoot): Promise<void> {
  await mkdir(folder);
  const section = page.getByRole('region', { name: 'Mirror folder' });
  await section.getByRole('radio', { name: 'Copies with details' }).click();
  await section.getByLabel('Folder to copy to').fill(folder);
  await shoot('settings-mirror', section);
  await section.getByRole('button', { name: 'Start mirroring' }).click();
  await section.getByText(/^\d+ images copied\.$/u).waitFor();
  await shoot('settings-mirrored', section);
  await rename(folder, `${folder} away`);
  await section.getByRole('button', { name: 'Pause' }).click();
  await section.getByRole('button', { name: 'Resume' }).click();
  await section.getByText(/isn’t there\. Connect its disk/u).waitFor();
  await shoot('settings-mirror-waiting', section);
  await section.getByRole('button', { name: 'Stop mirroring' }).click();
  await section.getByText(/^Stopped\./u).waitFor();
}

async function copyAndRestore(page: Page, folder: string, shoot: Shoot): Promise<void> {
  const copying = page.getByRole('region', { name: 'Copy or move' });
  await copying.getByLabel('Copy to').fill(folder);
  await shoot('settings-copy', copying);
  await copying.getByRole('button', { name: 'Copy library' }).click();
  await copying.getByText(/copied to/u).waitFor();
  await shoot('settings-copied', copying);
  const snapshots = page.getByRole('region', { name: 'Snapshots' });
  await snapshots.getByRole('button', { name: 'Make snapshot now' }).click();
  await snapshots.getByText(/^Snapshot made/u).waitFor();
  await shoot('settings-snapshots', snapshots);
  await snapshots
    .getByRole('button', { name: /^Restore/u })
    .first()
    .click();
  await shoot('settings-restore');
  await page.keyboard.press('Escape');
}

async function repair(page: Page, shoot: Shoot): Promise<void> {
  const check = page.getByRole('region', { name: 'Check', exact: true });
  await check.getByRole('button', { name: 'Check library' }).click();
  await check.getByText(/originals checked/u).waitFor();
  await shoot('settings-check', check);
  await check.getByRole('button', { name: 'Write records again' }).click();
  await check.getByText(/written again\./u).waitFor();
  await check.getByRole('button', { name: 'Add to library' }).click();
  await check.getByText(/couldn’t be added/u).waitFor();
  await shoot('settings-repaired', check);
  await check.getByRole('button', { name: 'Move to quarantine' }).click();
  const quarantine = page.getByRole('region', { name: 'Quarantine' });
  await quarantine.getByText('3 files').waitFor();
  await shoot('settings-quarantine', quarantine);
  await quarantine.getByRole('button', { name: 'Delete' }).first().click();
  await shoot('settings-quarantine-delete');
}

import type { Page } from '@playwright/test';
import { waitForLibrary } from './library-cells.ts';
import { findAgain, findImages, saveASearch } from './library-finding.ts';
import { compareImages, decideImages, seeRelatives } from './library-looking.ts';
import { dragImages, emptyTheTrash, orderImages } from './library-ordering.ts';
import { keepThePlace, takeUpImages, usePrompts } from './library-using.ts';

/** One of the two hosts, with a library of 5,000 images. */
export interface LibraryHost {
  page: Page;
  /** Quits the host, starts it again and resolves with its page. */
  restart(): Promise<Page>;
  /** Whether the page's own storage outlives a restart: the stand-in's browser begins with an empty profile. */
  keepsStorage: boolean;
}

/** What a daily user does with a library of 5,000 images, by title; on both hosts. Each begins in the library. */
export const LIBRARY_WALKS = {
  'images are found by place, month, words and filters': ({ page }) => findImages(page),
  'a search becomes a smart collection with its count': ({ page }) => saveASearch(page),
  'position, selection and search outlive the viewer and a restart': findAgain,
  'marks, tags, trash and undo, also after a restart': orderImages,
  'images are dragged onto a collection, a tag, the references and the canvas': ({ page }) => dragImages(page),
  'images are restored, and the trash is emptied': ({ page }) => emptyTheTrash(page),
  'culling decides image by image': ({ page }) => decideImages(page),
  'several images are compared': ({ page }) => compareImages(page),
  'the family tree, similar images and near duplicates': ({ page }) => seeRelatives(page),
  'images are taken up again from the grid and the viewer': ({ page }) => takeUpImages(page),
  'prompts are saved, filled in and found again': ({ page }) => usePrompts(page),
  'new images don’t move what is looked at': ({ page }) => keepThePlace(page),
} satisfies Record<string, (host: LibraryHost) => Promise<void>>;

/**
 * The walks in which the desktop's own parts do something else than the loopback host's: its restart, its images' addresses in a drag, its
 * events. In the others only the page acts, which is the same.
 */
export const DESKTOP_WALKS: ReadonlySet<string> = new Set([
  'position, selection and search outlive the viewer and a restart',
  'marks, tags, trash and undo, also after a restart',
  'images are dragged onto a collection, a tag, the references and the canvas',
  'new images don’t move what is looked at',
] satisfies (keyof typeof LIBRARY_WALKS)[]);

/** Limit of a walk, with copying the library, two starts and a busy machine. */
export const WALK_MS = 150_000;

/** All but the newest images of a made library have no files; the page says so in each. */
export const NO_FILE = /^Failed to load resource: .*(?:404|ERR_FILE_NOT_FOUND).*\/images\//u;

/** Opens the library in a window of the usual size. @returns the page */
export async function openLibrary(page: Page): Promise<Page> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('link', { name: 'Library', exact: true }).click();
  await waitForLibrary(page);
  return page;
}

import type { Locator, Page } from '@playwright/test';
import { expect } from './fixtures.ts';
import { focusedCell, searchField, treeItem, waitForLibrary } from './library-cells.ts';

/** More stops of the Tab key than anyone takes to reach something near. */
const STOPS = 24;

/** A keyboard, in a window that nobody touches otherwise. */
export class Keys {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Presses keys one after another. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** Types letters, digits and hyphens without a pause: all keys are in the browser before a busy page has handled the first. */
  async typeAtOnce(text: string): Promise<void> {
    const session = await this.#page.context().newCDPSession(this.#page);
    const send = (type: 'keyDown' | 'keyUp', key: string): Promise<unknown> =>
      session.send('Input.dispatchKeyEvent', { type, key, ...(type === 'keyDown' && { text: key }) });
    await Promise.all(Array.from(text).flatMap((key) => [send('keyDown', key), send('keyUp', key)]));
    await session.detach();
  }

  /** Goes to the library's images, from anywhere. */
  async goToImages(): Promise<void> {
    await this.press('ControlOrMeta+2');
    await expect(focusedCell(this.#page)).not.toHaveAccessibleName('Loading');
  }

  /** Goes to the library for the first time, and waits for all of it. */
  async openLibrary(): Promise<void> {
    await this.press('ControlOrMeta+2');
    await waitForLibrary(this.#page);
    await expect(focusedCell(this.#page)).toHaveAttribute('data-position', '0');
  }

  /** Goes to the library's search, from anywhere. */
  async goToSearch(): Promise<void> {
    await this.press('ControlOrMeta+f');
    await expect(searchField(this.#page)).toBeFocused();
  }

  /** Presses a key until something has the focus. @throws Error if it is far away */
  async goTo(target: Locator, key = 'Tab'): Promise<void> {
    await expect(target.first()).toBeVisible();
    for (let pressed = 0; pressed < STOPS; pressed += 1) {
      if (await hasFocus(target)) return;
      await this.press(key);
    }
    throw new Error(`${key} doesn’t reach ${String(target)} within ${STOPS} stops.`);
  }

  /** Presses Escape until something is shown: a step at a time, such as a card, the zoom, the view. */
  async leave(shown: Locator): Promise<void> {
    await expect(async () => {
      if (!(await shown.first().isVisible())) await this.press('Escape');
      await expect(shown.first()).toBeVisible({ timeout: 1000 });
    }).toPass();
  }

  /** Chooses from the menu of what has the focus. */
  async choose(item: string): Promise<void> {
    await this.press('ContextMenu');
    await this.goTo(this.#page.getByRole('menuitem', { name: item }), 'ArrowDown');
    await this.press('Enter');
  }
}

function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluateAll((elements) => elements.some((element) => element === document.activeElement));
}

/** Chooses a place in the sidebar, which follows the bar with the search. */
export async function goToPlace(page: Page, keys: Keys, name: string | RegExp): Promise<void> {
  await keys.goToSearch();
  await keys.goTo(page.getByRole('tree', { name: 'Places' }).getByRole('treeitem'));
  await keys.press('Home');
  await keys.goTo(treeItem(page, name), 'ArrowDown');
  await keys.press('Enter');
}

/** Lets the C key add to a collection. */
export async function makeTarget(page: Page, keys: Keys, name: string): Promise<void> {
  await keys.goToSearch();
  const collections = page.getByRole('tree', { name: 'Collections' });
  await keys.goTo(collections.getByRole('treeitem'));
  await keys.press('End');
  await keys.goTo(collections.getByRole('treeitem', { name }), 'ArrowUp');
  await keys.choose('Set as target collection');
}

/** Counts how often the page hears from now on that a change goes on: a busy one may hear of its end before it has drawn that. */
export async function countProgress(page: Page): Promise<void> {
  await page.evaluate(() => {
    const { dataset } = document.documentElement;
    dataset['progress'] = '0';
    window.studio.subscribe((event) => {
      const goesOn = event.type === 'change' && event.change.state === 'applying' && event.change.applied > 0;
      if (goesOn) dataset['progress'] = String(Number(dataset['progress']) + 1);
    });
  });
}

export async function progressHeard(page: Page): Promise<number> {
  return page.evaluate(() => Number(document.documentElement.dataset['progress']));
}

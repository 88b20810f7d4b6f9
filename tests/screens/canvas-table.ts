import type { Browser, Locator, Page } from '@playwright/test';
import { draw } from './history.ts';
import { openWindow, type WindowSize } from './looks.ts';

/** A position in the still life, in pixels (1536 × 1024). */
export type Place = readonly [x: number, y: number];

/** The still life of all scenes. */
const STILL =
  'Still life: a white stoneware bottle with an olive branch, two pears and one lemon, limewashed wall seed:1';
export const STILL_NAME = 'Olive branch still life';

/** Around the bottle, and not over the lemon before it. */
// prettier-ignore
export const BOTTLE: readonly Place[] = [
  [940, 322], [1010, 322], [1012, 352], [1075, 425], [1120, 490], [1119, 545], [1087, 740], [936, 740], [938, 700], [915, 668],
  [880, 652], [836, 650], [826, 545], [824, 495], [872, 430], [936, 352], [940, 322],
];
/** The pear at the right. */
export const PEAR = { left: 630, top: 490, right: 775, bottom: 750 };

const STAGE_IMAGE = '[role="application"] .image > img';

export interface ImageFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export async function drawStill(baseUrl: string): Promise<ImageFile> {
  const { bytes } = await draw(baseUrl, { prompt: STILL, model: 'gpt-image-2.6-sunburst', size: '1536x1024' });
  return { name: STILL_NAME, mimeType: 'image/png', buffer: bytes };
}

/** Actions on the canvas in a window. */
export class CanvasTable {
  readonly page: Page;
  readonly #still: ImageFile;
  readonly #image: Locator;

  constructor(page: Page, still: ImageFile) {
    this.page = page;
    this.#still = still;
    this.#image = page.locator(STAGE_IMAGE);
  }

  static async open(browser: Browser, url: string, still: ImageFile, size: WindowSize): Promise<CanvasTable> {
    const page = await openWindow(browser, url, size);
    await page.getByRole('link', { name: 'Canvas', exact: true }).click();
    await page.getByRole('heading', { name: 'Canvas' }).waitFor();
    return new CanvasTable(page, still);
  }

  /** The still life on the stage, in a draft of its own. */
  async still(file = this.#still): Promise<void> {
    await this.choose(() => this.page.getByRole('button', { name: 'From a file' }).click(), file);
    await this.seen();
  }

  async seen(): Promise<void> {
    await this.#image.waitFor();
    await this.page.waitForFunction((selector) => {
      const image = document.querySelector<HTMLImageElement>(selector);
      return image?.complete === true && image.naturalWidth > 0;
    }, STAGE_IMAGE);
  }

  /** Answers a file chooser. */
  async choose(action: () => Promise<void>, file: ImageFile | ImageFile[]): Promise<void> {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), action()]);
    await chooser.setFiles(file);
  }

  async tool(name: string): Promise<void> {
    await this.page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name, exact: true }).click();
  }

  /** The prompt; in a small window the request is opened for it and closed again. */
  async prompt(words: string): Promise<void> {
    const field = this.page.getByRole('textbox', { name: 'Prompt', exact: true });
    const sheet = this.page.getByRole('button', { name: 'Show inspector' });
    const isSheet = !(await field.isVisible());
    if (isSheet) await sheet.click();
    await field.fill(words);
    if (isSheet) await this.page.getByRole('button', { name: 'Hide inspector' }).click();
  }

  async at([x, y]: Place): Promise<{ x: number; y: number }> {
    const box = await this.#image.evaluate((image: HTMLImageElement) => {
      const { left, top, width, height } = image.getBoundingClientRect();
      return { left, top, across: width / image.naturalWidth, down: height / image.naturalHeight };
    });
    return { x: box.left + x * box.across, y: box.top + y * box.down };
  }

  async hover(place: Place): Promise<void> {
    const { x, y } = await this.at(place);
    await this.page.mouse.move(x, y);
  }

  async click(place: Place): Promise<void> {
    await this.hover(place);
    await this.page.mouse.down();
    await this.page.mouse.up();
  }

  /** Presses at the first position and draws to the others. `held`: keeps the button down. */
  async drag(places: readonly Place[], held = false): Promise<void> {
    const [first, ...more] = await Promise.all(places.map((place) => this.at(place)));
    if (!first) return;
    await this.page.mouse.move(first.x, first.y);
    await this.page.mouse.down();
    for (const { x, y } of more) await this.page.mouse.move(x, y, { steps: 5 });
    if (!held) await this.page.mouse.up();
  }

  async markBottle(): Promise<void> {
    await this.tool('Lasso');
    await this.drag(BOTTLE);
  }

  /** Sends the canvas and waits for its images. */
  async send(): Promise<void> {
    await this.page.keyboard.press('Control+Enter');
    await this.page
      .getByRole('group', { name: 'Review' })
      .or(this.page.getByRole('region', { name: 'Contact sheet' }))
      .waitFor({ timeout: 60_000 });
  }

  async draft(name: string): Promise<void> {
    await this.page.getByRole('tab', { name, exact: true }).click();
    await this.seen();
  }

  /** Opens a step by its index in the tree. */
  async step(name: RegExp): Promise<void> {
    await this.page.getByRole('treeitem', { name }).first().click();
    await this.seen();
  }

  /** Removes all drafts but those named. */
  async tidy(kept: readonly string[]): Promise<void> {
    await this.page.evaluate(async (names) => {
      const outcome = await window.studio.call('drafts.list', {});
      if ('error' in outcome) throw new Error(outcome.error.message);
      for (const { id, name } of outcome.ok as { id: string; name: string }[])
        if (!names.includes(name)) await window.studio.call('drafts.remove', { draftId: id });
    }, kept);
  }
}

import type { Locator, Page } from '@playwright/test';
import sharp from 'sharp';
import { startRecordingServer, type RecordedRequest, type Script, type Step } from '../fakes/recording-server.ts';
import { environmentFor, expect, test as base } from './fixtures.ts';
import { makeHome, startLoopbackHost, type LoopbackHost } from './loopback-host.ts';

/** A position in an image, in pixels. */
export type Place = readonly [x: number, y: number];

/** The pixels of a file, four channels each. */
export interface Pixels {
  width: number;
  height: number;
  data: Buffer;
}

/** A file that a person opens. */
export interface OpenedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A server that edits images and records its requests. */
export interface Editor {
  baseUrl: string;
  /** Requests for images, in order, since `forget` was called. */
  posts(): RecordedRequest[];
  forget(): void;
  /** The next request for an image is answered by this script. */
  answerNext(script: Script): void;
  close(): Promise<void>;
}

/**
 * Starts one. An image comes back as large as it went out, with its left half as a negative: half of what nobody marked is changed, as
 * by a model that does not heed its mask.
 */
export async function startEditor(): Promise<Editor> {
  const scripts: Script[] = [];
  let from = 0;
  const isPost = ({ method }: RecordedRequest): boolean => method === 'POST';
  const server = await startRecordingServer((request) =>
    isPost(request) ? (scripts.shift() ?? answerWith(request)) : { body: '{"data":[]}' },
  );
  return {
    baseUrl: server.baseUrl,
    posts: () => server.requests.filter(isPost).slice(from),
    forget: () => (from = server.requests.filter(isPost).length),
    answerNext: (script) => scripts.push(script),
    close: () => server.close(),
  };
}

function answerWith(request: RecordedRequest): Script {
  const body: Step[] = [];
  const draw = async (): Promise<void> => {
    const [sent] = request.files;
    const image = sent ? await halfNegative(sent.bytes) : Buffer.alloc(0);
    body.push(JSON.stringify({ data: [{ b64_json: image.toString('base64') }] }));
  };
  return { before: [{ wait: draw }], body };
}

/** The left half's colours turned round, the rest as it was; opaque. */
export async function halfNegative(file: Buffer): Promise<Buffer> {
  const { width, height, data } = await pixelsOf(file);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const turned = pixel % width < width / 2;
    for (let at = pixel * 4; at < pixel * 4 + 3; at += 1) data[at] = turned ? 255 - (data[at] ?? 0) : (data[at] ?? 0);
    data[pixel * 4 + 3] = 255;
  }
  return sharp(data, { raw: { width, height, channels: 4 } })
    .png({ compressionLevel: 1 })
    .toBuffer();
}

export async function pixelsOf(file: Buffer): Promise<Pixels> {
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** Red, green, blue and alpha of one pixel. */
export function pixelAt({ width, data }: Pixels, [x, y]: Place): number[] {
  return [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];
}

/** Raw pixels of an image in which no two neighbours are alike, dark enough that a negative differs visibly. */
export function grain(width: number, height: number, seed = 1): Buffer {
  const data = Buffer.alloc(width * height * 3);
  let state = seed;
  for (let at = 0; at < data.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[at] = 16 + (state >>> 25);
  }
  return data;
}

export async function pngFile(name: string, width = 256, height = 192, seed = 1): Promise<OpenedFile> {
  const raw = { width, height, channels: 3 } as const;
  const buffer = await sharp(grain(width, height, seed), { raw })
    .png({ compressionLevel: 1 })
    .toBuffer();
  return { name, mimeType: 'image/png', buffer };
}

/** A canvas in a browser, and the server that receives its requests. */
export interface Easel {
  page: Page;
  editor: Editor;
  stage: Locator;
  prompt: Locator;
  /** The primary button of the request, which changes its name. */
  send: Locator;
  /** Opens a file with nothing else on the stage. */
  open(file: OpenedFile): Promise<void>;
  /** Opens another draft by its name. */
  draft(name: string): Promise<void>;
  /** Converts a position in the image to a position on the page. */
  at(place: Place): Promise<{ x: number; y: number }>;
  /** A stroke with the mouse through the given positions. */
  drag(...places: Place[]): Promise<void>;
  tool(name: string): Promise<void>;
  /** The bytes that the host serves for an image on the screen. */
  served(image: Locator): Promise<Buffer>;
}

/** The canvas of a page that stands open. */
export function easelOf(page: Page, editor: Editor): Easel {
  const stage = page.getByRole('application', { name: /^Image on the stage/u });
  const image = stage.locator('.image img');
  const at: Easel['at'] = async ([x, y]) => {
    const place = await image.evaluate((element: HTMLImageElement) => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { left, top, across: width / element.naturalWidth, down: height / element.naturalHeight };
    });
    return { x: place.left + x * place.across, y: place.top + y * place.down };
  };
  return {
    page,
    editor,
    stage,
    prompt: page.getByRole('textbox', { name: 'Prompt', exact: true }),
    send: page.locator('button[aria-describedby$="-why"]'),
    async open(file) {
      await page.getByRole('link', { name: 'Canvas', exact: true }).click();
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'From a file' }).click(),
      ]);
      await chooser.setFiles(file);
    },
    async draft(name) {
      const tab = page.getByRole('tab', { name, exact: true });
      // Tools that don't fit into the row are in a menu.
      const all = page.getByRole('button', { name: /^All \d+ drafts$/u });
      await expect(tab.or(all).first()).toBeVisible();
      if (!(await tab.isVisible())) await all.click();
      await tab
        .or(page.getByRole('menuitem', { name: new RegExp(`^\\d+\\. ${name}$`, 'u') }))
        .first()
        .click();
    },
    at,
    async drag(...places) {
      await seen(image);
      const [first, ...more] = await Promise.all(places.map(at));
      if (!first) return;
      await page.mouse.move(first.x, first.y);
      await page.mouse.down();
      for (const { x, y } of more) await page.mouse.move(x, y, { steps: 6 });
      await page.mouse.up();
    },
    async tool(name) {
      await page.getByRole('toolbar', { name: 'Tools' }).getByRole('button', { name, exact: true }).click();
    },
    async served(element) {
      const bytes = await element.evaluate(async ({ src }: HTMLImageElement) => [
        ...new Uint8Array(await (await fetch(src)).arrayBuffer()),
      ]);
      return Buffer.from(bytes);
    },
  };
}

/** Waits for the image on the stage. */
async function seen(image: Locator): Promise<void> {
  await expect
    .poll(() => image.evaluate((element: HTMLImageElement) => element.complete && element.naturalWidth > 0))
    .toBe(true);
}

/** Moves the focus there with the Tab key only. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page();
  for (let press = 0; press < 90; press += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(target).toBeFocused();
}

interface WorkerFixtures {
  /** One host and one server for all tests of a worker. */
  house: { host: LoopbackHost; editor: Editor };
}

export const test = base.extend<{ easel: Easel }, WorkerFixtures>({
  house: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads the fixture's dependencies from the pattern.
    async ({}, use) => {
      const editor = await startEditor();
      const { home, remove } = await makeHome();
      const host = await startLoopbackHost({ home, environment: environmentFor(editor) });
      await use({ host, editor });
      await host.stop();
      await editor.close();
      await remove();
    },
    { scope: 'worker' },
  ],
  easel: async ({ page, house }, use) => {
    house.editor.forget();
    await page.goto(house.host.url);
    await use(easelOf(page, house.editor));
  },
});

export { expect };

import type { Browser } from '@playwright/test';
import { startDemoApi, type DemoApi } from '../../electron/demo-api/server.ts';
import { makeHome, startLoopbackHost } from '../e2e/loopback-host.ts';
import { DRAWING, makePast, PAST, REVIEW, WAITING, type Scene } from './canvas-scenes.ts';
import { CanvasTable, drawStill, type ImageFile } from './canvas-table.ts';
import { NARROW, photograph, SMALL, WIDE, type Camera } from './looks.ts';

/** Takes screenshots of the canvas: tools, dialogs, review and a running job. */
export async function shootCanvas(browser: Browser, camera: Camera): Promise<void> {
  const wanted = (scene: Scene): boolean => camera.wants(scene.name);
  const [drawing, review, waiting] = [DRAWING, REVIEW, WAITING].map((scenes) => scenes.filter(wanted));
  if (!drawing || !review || !waiting || drawing.length + review.length + waiting.length === 0) return;
  const demo = await startDemoApi({ pace: 0 });
  const slow = await startDemoApi({ pace: 10 });
  const { home, remove } = await makeHome();
  try {
    const still = await drawStill(demo.baseUrl);
    await withHost(home, demo, async (url) => {
      await shootAll(browser, url, still, camera, drawing);
      if (review.length > 0) {
        const table = await CanvasTable.open(browser, url, still, WIDE);
        await makePast(table);
        await table.page.close();
      }
      await shootAll(browser, url, still, camera, review, [PAST]);
    });
    if (waiting.length > 0) await withHost(home, slow, (url) => shootAll(browser, url, still, camera, waiting));
  } finally {
    await Promise.all([demo.close(), slow.close()]);
    await remove();
  }
}

async function withHost(home: string, { baseUrl }: DemoApi, deed: (url: string) => Promise<void>): Promise<void> {
  const environment = { OPENAI_API_KEY: 'sk-demo-0123456789abcdef', OPENAI_BASE_URL: baseUrl };
  const host = await startLoopbackHost({ home, environment });
  try {
    await deed(host.url);
  } finally {
    await host.stop();
  }
}

/** Runs each scene in its own windows. A scene that fails is reported, and the next one follows. */
async function shootAll(
  browser: Browser,
  url: string,
  still: ImageFile,
  camera: Camera,
  scenes: readonly Scene[],
  kept: readonly string[] = [],
): Promise<void> {
  for (const { name, prepare, small } of scenes) {
    const sizes = small ? [WIDE, NARROW, SMALL] : [WIDE, NARROW];
    for (const size of sizes.filter(({ width }) => camera.wants(name, width))) {
      const table = await CanvasTable.open(browser, url, still, size);
      table.page.setDefaultTimeout(15_000);
      try {
        await prepare(table);
      } catch (thrown) {
        console.error(`${name} at ${size.width}:`, thrown);
      }
      await photograph(table.page, camera, name);
      await table.page.mouse.up();
      await table.tidy(kept);
      await table.page.close();
    }
  }
}

import { chromium } from '@playwright/test';
import { afterEach, expect, test, vi } from 'vitest';
import { findBrowser } from './browser.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const linuxX64 = process.platform === 'linux' && process.arch === 'x64';

test.runIf(linuxX64)('the Chromium that npm brought opens a page and draws it', { timeout: 60_000 }, async () => {
  vi.stubEnv('EMULSION_BROWSER', 'bundled');
  const found = await findBrowser();
  expect(found?.source).toBe('bundled');
  const browser = await chromium.launch({ ...found });
  try {
    const page = await browser.newPage({ viewport: { width: 200, height: 100 } });
    await page.setContent('<h1>Emulsion</h1>');
    expect(await page.getByRole('heading').textContent()).toBe('Emulsion');
    expect((await page.screenshot()).length).toBeGreaterThan(500);
  } finally {
    await browser.close();
  }
});

test('a CHROMIUM that names no file is told, not passed over', async () => {
  vi.stubEnv('EMULSION_BROWSER', '');
  vi.stubEnv('CHROMIUM', '/no/such/browser');
  await expect(findBrowser()).rejects.toThrow('CHROMIUM names /no/such/browser');
});

test('without a browser the tests are skipped loudly, and in CI they fail', async () => {
  const warning = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.stubEnv('EMULSION_BROWSER', 'none');
  vi.stubEnv('CI', '');
  expect(await findBrowser()).toBeNull();
  expect(warning.mock.calls.join()).toMatch(/SKIPPED.*Install Chromium/s);
  vi.stubEnv('CI', 'true');
  await expect(findBrowser()).rejects.toThrow('Install Chromium');
});

import { expect, type Locator, type Page } from '@playwright/test';

/** Calls that the studio refused because the library can't be written: each is something that the page should have disabled. */
export function collectRefusals(page: Page): string[] {
  const refused: string[] = [];
  page.on('response', (response) => {
    if (!new URL(response.url()).pathname.startsWith('/api/')) return;
    response.json().then(
      (outcome: { error?: { code: string } }) => {
        if (outcome.error?.code === 'unsupported-here') refused.push(new URL(response.url()).pathname);
      },
      // The page was left before it came.
      () => undefined,
    );
  });
  return refused;
}

/** What leads elsewhere, or to the system's dialogs, is pressed by the tests themselves. */
const ELSEWHERE =
  /^(?:Back|Close|Open Settings|Details|Download|Add images from files|Choose a PNG|Choose a file|From a file|Open or create a library…)$/u;

/**
 * Presses every button below an element that isn't disabled, one after the other; what opens is closed by Escape.
 * @returns the names of those that were pressed
 */
export async function pressEverything(page: Page, within: Locator): Promise<string[]> {
  const pressed: string[] = [];
  const address = page.url();
  for (let at = 0; at < (await within.getByRole('button').count()); at += 1) {
    const button = within.getByRole('button').nth(at);
    const name = (await button.getAttribute('aria-label')) ?? (await button.textContent()) ?? '';
    if (ELSEWHERE.test(name.trim()) || !(await button.isVisible()) || !(await button.isEnabled())) continue;
    // What the button before has opened may have come after its Escape.
    await expect(async () => {
      if (await page.getByRole('dialog').first().isVisible()) await page.keyboard.press('Escape');
      await button.click({ timeout: 1000 });
    }).toPass();
    pressed.push(name.trim());
    await page.keyboard.press('Escape');
    if (page.url() !== address) await page.goto(address);
  }
  return pressed;
}

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';

/** Accessibility violations of the current page in both themes. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // Only colours differ between the two.
    const rules = colorScheme === 'light' ? { runOnly: ['color-contrast'] } : {};
    const { violations } = await page.evaluate(
      (only) =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(document.body, { resultTypes: ['violations'], ...only }),
      rules,
    );
    found.push(
      ...violations.map(({ id, nodes }) => `${colorScheme}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`),
    );
  }
  return found;
}

import axe from 'axe-core';
import { afterEach, describe, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Everything from './Everything.svelte';

afterEach(() => {
  delete document.documentElement.dataset['theme'];
});

/** Menus float outside the landmarks by design. What axe finds else, in words that a failed test can show. */
async function faults(): Promise<string[]> {
  const { violations } = await axe.run(document.body, { rules: { region: { enabled: false } } });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`),
  );
}

/** A token as a colour of the present theme. */
function colourOf(token: string): string {
  const sample = document.body.appendChild(document.createElement('span'));
  sample.style.color = `var(--${token})`;
  const { color } = getComputedStyle(sample);
  sample.remove();
  return color;
}

describe.each(['dark', 'light'])('%s', (theme) => {
  test('every component has a label and enough contrast', async () => {
    document.documentElement.dataset['theme'] = theme;
    await render(Everything);
    await expect.element(page.getByRole('heading', { name: 'Everything' })).toBeVisible();
    expect(await faults()).toEqual([]);
  });

  test('floating components have a label and enough contrast', async () => {
    document.documentElement.dataset['theme'] = theme;
    const screen = await render(Everything);
    await page.getByRole('combobox', { name: 'Size' }).click();
    await expect.element(page.getByRole('listbox')).toBeVisible();
    expect(await faults()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await page.getByRole('button', { name: 'More', exact: true }).first().click();
    await expect.element(page.getByRole('menu')).toHaveFocus();
    expect(await faults()).toEqual([]);
    await userEvent.keyboard('{Escape}');
    await screen.rerender({ dialogOpen: true });
    await expect.element(page.getByRole('dialog')).toBeVisible();
    expect(await faults()).toEqual([]);
  });
});

test('the interface is neutral grey in both themes', async () => {
  await render(Everything);
  const stages: string[] = [];
  for (const theme of ['dark', 'light']) {
    document.documentElement.dataset['theme'] = theme;
    const greys = [
      'stage',
      'panel',
      'field',
      'hover',
      'press',
      'seg',
      'float',
      'line',
      'line-2',
      'ink',
      'ink-2',
      'ink-3',
    ];
    for (const name of greys) expect(colourOf(name)).toMatch(/^rgb\((\d+), \1, \1\)$/u);
    stages.push(colourOf('stage'));
  }
  expect(stages).toEqual(['rgb(18, 18, 18)', 'rgb(203, 203, 203)']);
});

test('below 960 px the inspector is a sheet that Ctrl+I opens and Escape closes', async () => {
  await page.viewport(880, 600);
  await render(Everything);
  const inspector = page.getByRole('complementary', { name: 'Request' });
  await expect.element(inspector).not.toBeInTheDocument();
  await userEvent.keyboard('{Control>}i{/Control}');
  await expect.element(inspector).toBeVisible();
  const { left, right, width } = inspector.element().getBoundingClientRect();
  expect([left, right, width]).toEqual([880 - 372, 880, 372]);
  await userEvent.keyboard('{Escape}');
  await expect.element(inspector).not.toBeInTheDocument();
  await page.viewport(1000, 700);
});

import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Everything from './Everything.svelte';

test('no component needs an inline style, which the content security policy forbids', async () => {
  const broken: string[] = [];
  document.addEventListener('securitypolicyviolation', (event) =>
    broken.push(`${event.effectiveDirective} ${event.sample}`),
  );
  // Style sheets of the parts came with their import; from here on the hosts' policy holds.
  const policy = document.createElement('meta');
  policy.httpEquiv = 'Content-Security-Policy';
  policy.content = "style-src 'self'";
  document.head.append(policy);

  const probe = document.createElement('div');
  probe.innerHTML = '<i style="color: red"></i>';
  await expect.poll(() => broken.length).toBe(1);

  const screen = await render(Everything);
  await expect.element(page.getByRole('heading', { name: 'Everything' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Size' }).click();
  await expect.element(page.getByRole('listbox')).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'More', exact: true }).first().click();
  await expect.element(page.getByRole('menu')).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Star' }).hover();
  await expect.element(page.getByText('Star')).toBeVisible();
  await screen.rerender({ dialogOpen: true });
  await expect.element(page.getByRole('dialog')).toBeVisible();
  expect(broken).toHaveLength(1);
});

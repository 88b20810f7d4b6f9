import { expect, onTestFinished, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import CopyButton from '../../../../renderer/shared/feedback/CopyButton.svelte';
import Dialog from '../../../../renderer/shared/layout/Dialog.svelte';
import StepProgress from '../../../../renderer/shared/feedback/StepProgress.svelte';
import Menu from '../../../../renderer/shared/controls/Menu.svelte';
import Notice from '../../../../renderer/shared/feedback/Notice.svelte';
import ToastRegion from '../../../../renderer/shared/feedback/ToastRegion.svelte';
import { Toasts, toasts as pageToasts } from '../../../../renderer/shared/feedback/toasts.svelte.ts';
import { words } from '../snippets.ts';

test('a notice is an alert with Details and stays until dismissed', async () => {
  const ondismiss = vi.fn();
  const details = { heading: 'Server message · 403', text: 'Verify it.', id: 'req_71fe' };
  await render(Notice, { message: 'Nothing was made and nothing was billed.', details, ondismiss });
  await expect.element(page.getByRole('alert')).toMatchTextContent(/Nothing was made and nothing was billed\./u);
  await expect.element(page.getByText('Verify it.')).not.toBeVisible();
  await page.getByRole('button', { name: 'Details' }).click();
  await expect.element(page.getByText('Verify it.')).toBeVisible();
  await expect.element(page.getByText('req_71fe')).toBeVisible();
  expect(ondismiss).not.toHaveBeenCalled();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  expect(ondismiss).toHaveBeenCalledOnce();
});

test('a dialog has a name, traps the focus and closes with Escape', async () => {
  const onclose = vi.fn();
  await render(Dialog, {
    open: true,
    title: 'Remove OpenAI?',
    description: 'Its key is deleted too.',
    actions: words('<button>Cancel</button>'),
    onclose,
  });
  const dialog = page.getByRole('dialog', { name: 'Remove OpenAI?' });
  await expect.element(dialog).toHaveAccessibleDescription('Its key is deleted too.');
  await expect.element(page.getByRole('button', { name: 'Cancel' })).toHaveFocus();
  await userEvent.keyboard('{Escape}');
  await expect.element(dialog).not.toBeInTheDocument();
  expect(onclose).toHaveBeenCalledOnce();
  await expect.poll(() => document.body.style.pointerEvents).toBe('');
});

test('a menu works by keyboard and returns the focus', async () => {
  const run = vi.fn();
  await render(Menu, {
    label: 'More',
    items: [
      { label: 'Check', run: vi.fn() },
      { label: 'Remove', run },
    ],
  });
  await userEvent.tab();
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('menuitem', { name: 'Check' })).toHaveFocus();
  await userEvent.keyboard('{ArrowDown}{Enter}');
  expect(run).toHaveBeenCalledOnce();
  await expect.element(page.getByRole('menu')).not.toBeInTheDocument();
  await expect.element(page.getByRole('button', { name: 'More' })).toHaveFocus();
  await expect.poll(() => document.body.style.pointerEvents).toBe('');
});

test('one toast at a time; its action dismisses it', async () => {
  const toasts = new Toasts();
  await render(ToastRegion, { toasts });
  const run = vi.fn();
  toasts.show({ message: 'First' });
  toasts.show({ message: 'Moved 3 images', action: { label: 'Undo', run } });
  toasts.hold();
  await expect.element(page.getByRole('status')).toMatchTextContent(/Moved 3 images/u);
  await expect.element(page.getByText('First')).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Undo' }).click();
  expect(run).toHaveBeenCalledOnce();
  await expect.element(page.getByText('Moved 3 images')).not.toBeInTheDocument();
});

test('a toast disappears by itself, but not under the pointer', () => {
  vi.useFakeTimers();
  try {
    const toasts = new Toasts();
    toasts.show({ message: 'Moved' });
    vi.advanceTimersByTime(7000);
    toasts.hold();
    vi.advanceTimersByTime(60_000);
    expect(toasts.current?.message).toBe('Moved');
    toasts.resume();
    vi.advanceTimersByTime(8001);
    expect(toasts.current).toBeNull();
  } finally {
    vi.useRealTimers();
  }
});

test('the progress shows completed and current parts without an estimate', async () => {
  await render(StepProgress, {
    label: 'Image 1',
    parts: [
      { label: 'Partial 1 · 0:14', state: 'done' },
      { label: '2 · drawing', state: 'now' },
      { label: '3', state: 'coming' },
      { label: 'Final', state: 'coming' },
    ],
  });
  const line = page.getByRole('progressbar', { name: 'Image 1' });
  await expect.element(line).toHaveAttribute('aria-valuenow', '1');
  await expect.element(line).toHaveAttribute('aria-valuemax', '4');
  await expect.element(line).toHaveAttribute('aria-valuetext', '2 · drawing');
});

test('denied copying is shown on the button and in a toast', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('', 'NotAllowedError'));
  onTestFinished(() => {
    write.mockRestore();
    pageToasts.dismiss();
  });
  await render(ToastRegion, { toasts: pageToasts });
  await render(CopyButton, { label: 'Copy prompt', text: 'Two pears' });
  await page.getByRole('button', { name: 'Copy prompt' }).click();
  await expect.element(page.getByText(/system denied access/u)).toBeVisible();
  await expect.element(page.getByText('Copied')).not.toBeInTheDocument();
});

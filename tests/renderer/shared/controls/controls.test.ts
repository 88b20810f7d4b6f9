import { describe, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import Button from '../../../../renderer/shared/controls/Button.svelte';
import IconButton from '../../../../renderer/shared/controls/IconButton.svelte';
import Segmented from '../../../../renderer/shared/controls/Segmented.svelte';
import Select from '../../../../renderer/shared/controls/Select.svelte';
import Slider from '../../../../renderer/shared/controls/Slider.svelte';
import Stepper from '../../../../renderer/shared/controls/Stepper.svelte';
import Switch from '../../../../renderer/shared/controls/Switch.svelte';
import TextArea from '../../../../renderer/shared/controls/TextArea.svelte';
import TextField from '../../../../renderer/shared/controls/TextField.svelte';
import { words } from '../snippets.ts';

const QUALITIES = [
  { value: 'auto', label: 'Auto' },
  { value: 'low', label: 'Low' },
  { value: 'xhigh', label: 'XHigh', disabled: true, reason: 'Only 2.5 and later' },
  { value: 'high', label: 'High' },
];

describe('Button', () => {
  test('its accessible name leaves out the shortcut', async () => {
    const onclick = vi.fn();
    await render(Button, { children: words('Create 1 image'), shortcut: 'Ctrl ↵', onclick });
    await page.getByRole('button', { name: 'Create 1 image', exact: true }).click();
    expect(onclick).toHaveBeenCalledOnce();
    await expect.element(page.getByText('Ctrl ↵')).toBeVisible();
  });

  test('does not submit a form unless told to', async () => {
    await render(Button, { children: words('Details') });
    await expect.element(page.getByRole('button')).toHaveAttribute('type', 'button');
  });

  test('one that can’t be pressed keeps the focus, says why, and does nothing', async () => {
    const onclick = vi.fn();
    const shown = await render(Button, { children: words('Import'), whyNot: 'This library is read-only', onclick });
    const button = page.getByRole('button', { name: 'Import', exact: true });
    await expect.element(button).toHaveAccessibleDescription('This library is read-only');
    await expect.element(button).toHaveAttribute('aria-disabled', 'true');
    await userEvent.tab();
    await expect.element(button).toHaveFocus();
    await userEvent.keyboard('{Enter} ');
    await button.click({ force: true });
    expect(onclick).not.toHaveBeenCalled();
    await shown.rerender({ whyNot: null });
    await button.click();
    expect(onclick).toHaveBeenCalledOnce();
    await expect.element(button).not.toHaveAttribute('title');
  });
});

test('an icon button has a name, a tooltip and a pressed state', async () => {
  await render(IconButton, { label: 'Copy prompt', pressed: true, children: words('') });
  const button = page.getByRole('button', { name: 'Copy prompt', pressed: true });
  await expect.element(button).toBeVisible();
  await userEvent.tab();
  await expect.element(page.getByText('Copy prompt')).toBeVisible();
});

describe('Segmented', () => {
  test('is a radio group; arrow keys choose the next enabled option', async () => {
    const onchange = vi.fn();
    await render(Segmented, { label: 'Quality', options: QUALITIES, value: 'low', onchange });
    await expect.element(page.getByRole('radiogroup', { name: 'Quality' })).toBeVisible();
    await userEvent.tab();
    await expect.element(page.getByRole('radio', { name: 'Low' })).toHaveFocus();
    await userEvent.keyboard('{ArrowRight}');
    await expect.element(page.getByRole('radio', { name: 'High', exact: true })).toBeChecked();
    expect(onchange.mock.calls).toEqual([['high']]);
  });

  test('a disabled option stays visible with its reason', async () => {
    await render(Segmented, { label: 'Quality', options: QUALITIES, value: 'auto' });
    const off = page.getByRole('radio', { name: 'XHigh' });
    await expect.element(off).toBeDisabled();
    await expect.element(off).toHaveAccessibleDescription('Only 2.5 and later');
  });
});

describe('Select', () => {
  const options = [
    { value: 'auto', label: 'Auto', hint: 'the server decides' },
    { value: '1024x1024', label: '1024 × 1024', hint: '1:1', group: 'Small' },
    { value: '3840x2160', label: '3840 × 2160', hint: '16:9', group: 'Large' },
  ];

  test('opens, groups and chooses by keyboard', async () => {
    const onchange = vi.fn();
    await render(Select, { label: 'Size', options, value: 'auto', onchange });
    const box = page.getByRole('combobox', { name: 'Size' });
    await expect.element(box).toMatchTextContent(/^Auto/u);
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    await expect.element(page.getByRole('listbox', { name: 'Size' })).toBeVisible();
    await expect.element(page.getByRole('group', { name: 'Large' })).toBeVisible();
    await userEvent.keyboard('{End}{Enter}');
    await expect.element(box).toMatchTextContent(/^3840 × 2160/u);
    await expect.element(page.getByRole('listbox')).not.toBeInTheDocument();
    expect(onchange.mock.calls).toEqual([['3840x2160']]);
  });

  test('Escape changes nothing', async () => {
    await render(Select, { label: 'Size', options, value: '1024x1024' });
    await page.getByRole('combobox').click();
    await userEvent.keyboard('{ArrowDown}{Escape}');
    await expect.element(page.getByRole('combobox')).toMatchTextContent(/^1024 × 1024/u);
    await expect.element(page.getByRole('listbox')).not.toBeInTheDocument();
  });
});

test('a text field has label, invalid state and description', async () => {
  await render(TextField, { label: 'Base URL', value: 'x', invalid: true, describedby: 'why' });
  const field = page.getByRole('textbox', { name: 'Base URL' });
  await expect.element(field).toBeInvalid();
  await expect.element(field).toHaveAttribute('aria-describedby', 'why');
});

test('a text area has name, invalid state and description', async () => {
  await render(TextArea, { label: 'Prompt', value: '', invalid: true, describedby: 'why' });
  const area = page.getByRole('textbox', { name: 'Prompt' });
  await expect.element(area).toBeInvalid();
  await expect.element(area).toHaveAttribute('aria-describedby', 'why');
});

test('a stepper stays within its limits, by buttons, keys and typing', async () => {
  const onchange = vi.fn();
  await render(Stepper, { label: 'Count', value: 9, min: 1, max: 10, onchange });
  const box = page.getByRole('spinbutton', { name: 'Count' });
  await page.getByRole('button', { name: 'More' }).click();
  await expect.element(page.getByRole('button', { name: 'More' })).toBeDisabled();
  await box.fill('99');
  await userEvent.keyboard('{Tab}');
  await expect.element(box).toHaveValue(10);
  await box.fill('-3');
  await userEvent.keyboard('{Tab}');
  await expect.element(box).toHaveValue(1);
  expect(onchange.mock.calls.flat()).toEqual([10, 1]);
});

test('a slider moves by keys, and its number can be typed', async () => {
  const onchange = vi.fn();
  await render(Slider, { label: 'Compression', value: 50, min: 0, max: 100, onchange });
  const slider = page.getByRole('slider', { name: 'Compression' });
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(slider).toHaveAttribute('aria-valuenow', '51');
  const number = page.getByRole('spinbutton', { name: 'Compression, number' });
  await number.fill('140');
  await userEvent.keyboard('{Tab}');
  await expect.element(number).toHaveValue(100);
  expect(onchange.mock.calls.flat()).toEqual([51, 100]);
});

test('a switch is a switch', async () => {
  const onchange = vi.fn();
  await render(Switch, { label: 'Partial images', checked: false, onchange });
  await page.getByRole('switch', { name: 'Partial images' }).click();
  await expect.element(page.getByRole('switch')).toBeChecked();
  expect(onchange).toHaveBeenCalledWith(true);
});

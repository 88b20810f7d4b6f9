import { describe, expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { canvasCommand } from '../../../../renderer/canvas/canvas-shortcuts.ts';
import { readToolShortcut } from '../../../../renderer/canvas/stage/tool-shortcuts.ts';
import { hideComposingKeys } from '../../../../renderer/shared/keyboard/composing.ts';
import { isModKey } from '../../../../renderer/shared/keyboard/shortcut.ts';
import { isKey, keysOf, lookUpKey } from '../../../../renderer/shared/keyboard/shortcut-keys.ts';
import { cameraKeyOf } from '../../../../renderer/stage/camera-keys.ts';

const press = (key: string, code: string, more: KeyboardEventInit = {}): KeyboardEvent =>
  new KeyboardEvent('keydown', { key, code, ...more });

describe('a key answers to', () => {
  test.each([
    // Not Latin: the letter at the same place of a US keyboard.
    ['Russian', 'я', 'KeyZ', ['я', 'z']],
    ['Russian, Caps Lock', 'Я', 'KeyZ', ['я', 'z']],
    ['Ukrainian', 'і', 'KeyS', ['і', 's']],
    ['Greek', 'β', 'KeyB', ['β', 'b']],
    ['Greek Q', ';', 'KeyQ', [';', 'q']],
    ['Hebrew', 'ז', 'KeyZ', ['ז', 'z']],
    ['Hebrew Q', '/', 'KeyQ', ['/', 'q']],
    ['Arabic', 'ئ', 'KeyZ', ['ئ', 'z']],
    ['Arabic B, two letters', 'لا', 'KeyB', ['لا', 'b']],
    ['Persian digit', '۱', 'Digit1', ['۱', '1']],
    ['Korean', 'ㅋ', 'KeyZ', ['ㅋ', 'z']],
    ['Japanese kana', 'つ', 'KeyZ', ['つ', 'z']],
    ['Thai', 'ผ', 'KeyZ', ['ผ', 'z']],
    ['Georgian', 'ზ', 'KeyZ', ['ზ', 'z']],
    ['Devanagari', 'ब', 'KeyY', ['ब', 'y']],
    // Latin: the letter itself.
    ['QWERTZ', 'z', 'KeyY', ['z']],
    ['AZERTY', 'z', 'KeyW', ['z']],
    ['AZERTY comma', ',', 'KeyM', [',']],
    ['Dvorak', ';', 'KeyZ', [';']],
    ['Dvorak Q', "'", 'KeyQ', ["'"]],
    ['Dvorak bracket', '[', 'Minus', ['[']],
    ['Turkish', 'ı', 'KeyI', ['i']],
    ['Turkish F', 'ğ', 'KeyE', ['ğ']],
    ['US, Shift', 'Z', 'KeyZ', ['z']],
    // Digits and brackets.
    ['AZERTY 1', '&', 'Digit1', ['&', '1']],
    ['AZERTY 2', 'é', 'Digit2', ['é', '2']],
    ['AZERTY minus', '-', 'Digit6', ['-', '6']],
    ['Czech 2', 'ě', 'Digit2', ['ě', '2']],
    ['number pad', '1', 'Numpad1', ['1']],
    ['QWERTZ bracket', 'ü', 'BracketLeft', ['ü', '[']],
    ['Russian bracket', 'ъ', 'BracketRight', ['ъ', ']']],
    ['Russian comma', 'б', 'Comma', ['б', ',']],
    ['dead key', 'Dead', 'BracketLeft', ['Dead', '[']],
    ['named key', 'Enter', 'Enter', ['Enter']],
    ['arrow', 'ArrowLeft', 'ArrowLeft', ['ArrowLeft']],
  ])('%s %s at %s', (_layout, key, code, names) => {
    expect(keysOf(press(key, code))).toEqual(names);
  });

  test('the shifted character of the place, for brackets; no digit', () => {
    expect(keysOf(press('Ü', 'BracketLeft', { shiftKey: true }))).toEqual(['ü', '{']);
    expect(keysOf(press('!', 'Digit1', { shiftKey: true }))).toEqual(['!']);
  });

  test('nothing while an input method composes', () => {
    for (const event of [press('Enter', 'Enter', { isComposing: true }), press('Process', 'KeyZ', { keyCode: 229 })]) {
      expect(keysOf(event)).toEqual([]);
      expect(isKey(event, 'Enter', 'z')).toBe(false);
      expect(lookUpKey({ Enter: 1, z: 2 }, event)).toBeUndefined();
    }
  });

  test('itself alone with AltGr, which is not Ctrl and Alt', () => {
    const altGr = { modifierAltGraph: true };
    expect(keysOf(press('µ', 'KeyM', altGr))).toEqual(['µ']);
    expect(keysOf(press('[', 'Digit8', altGr))).toEqual(['[']);
    expect(isModKey(press('[', 'Digit8', { ...altGr, ctrlKey: true }))).toBe(false);
    expect(isModKey(press('[', 'Digit8', { ...altGr, ctrlKey: true, altKey: true }))).toBe(false);
    expect(readToolShortcut(press('[', 'Digit8', { ...altGr, ctrlKey: true, altKey: true }))?.kind).toBe('setting');
    expect(readToolShortcut(press('µ', 'KeyM', altGr))).toBeNull();
  });
});

test('a table is not asked for what it inherits', () => {
  expect(lookUpKey({ a: 1 }, press('constructor', ''))).toBeUndefined();
  expect(lookUpKey<unknown>({ z: 1 }, press('я', 'KeyZ'))).toBe(1);
});

test('shortcuts of the canvas work on any layout', () => {
  expect(canvasCommand(press('я', 'KeyZ', { ctrlKey: true }))).toBe('undo');
  expect(canvasCommand(press('Я', 'KeyZ', { ctrlKey: true, shiftKey: true }))).toBe('redo');
  expect(canvasCommand(press('y', 'KeyZ', { ctrlKey: true }))).toBe('redo');
  expect(readToolShortcut(press('и', 'KeyB'))).toEqual({ kind: 'tool', letter: 'b' });
  expect(readToolShortcut(press('ü', 'BracketLeft'))?.kind).toBe('setting');
  expect(cameraKeyOf(press('à', 'Digit0'))).toBe('0');
  expect(cameraKeyOf(press('-', 'Digit6'))).toBe('-');
  expect(cameraKeyOf(press('[', 'Minus'))).toBeNull();
});

test('keys of an input method reach the field and no handler', async () => {
  const stop = hideComposingKeys(window);
  onTestFinished(stop);
  const field = document.body.appendChild(document.createElement('input'));
  onTestFinished(() => field.remove());
  const heard: string[] = [];
  field.addEventListener('keydown', ({ key }) => heard.push(key));
  field.dispatchEvent(press('Enter', 'Enter', { isComposing: true, bubbles: true }));
  field.dispatchEvent(press('Escape', 'Escape', { keyCode: 229, bubbles: true }));
  expect(heard).toEqual([]);
  await userEvent.type(page.elementLocator(field), 'a{Enter}');
  expect(heard).toEqual(['a', 'Enter']);
  expect(field.value).toBe('a');
});

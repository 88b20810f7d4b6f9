import { expect, test } from 'vitest';
import { canvasCommand } from '../../../renderer/canvas/canvas-shortcuts.ts';

/** The deed of a key that is pressed on an element. */
function pressed(init: KeyboardEventInit, on: string = 'div') {
  const element = document.body.appendChild(document.createElement(on));
  let command: ReturnType<typeof canvasCommand> = null;
  element.addEventListener('keydown', (event) => (command = canvasCommand(event)));
  element.dispatchEvent(new KeyboardEvent('keydown', init));
  element.remove();
  return command;
}

test.each([
  [{ key: 'z', ctrlKey: true }, 'undo'],
  [{ key: 'Z', ctrlKey: true, shiftKey: true }, 'redo'],
  [{ key: 'y', metaKey: true }, 'redo'],
  [{ key: 'Enter', ctrlKey: true }, 'send'],
  [{ key: 'V', shiftKey: true }, 'vary'],
  [{ key: 't', ctrlKey: true }, 'new'],
  [{ key: 'o', metaKey: true }, 'open'],
  [{ key: 'v' }, null],
  [{ key: 'z' }, null],
  [{ key: 'V', shiftKey: true, altKey: true }, null],
] as const)('%o is %s', (init, command) => {
  expect(pressed(init)).toBe(command);
});

test('a held key does not send twice', () => {
  expect(pressed({ key: 'Enter', ctrlKey: true, repeat: true })).toBeNull();
  expect(pressed({ key: 'V', shiftKey: true, repeat: true })).toBeNull();
});

test('the Enter that accepts a composed word sends nothing', () => {
  expect(pressed({ key: 'Enter', ctrlKey: true, isComposing: true }, 'textarea')).toBeNull();
});

test('in a text field only the shortcut for sending works', () => {
  expect(pressed({ key: 'z', ctrlKey: true }, 'textarea')).toBeNull();
  expect(pressed({ key: 'V', shiftKey: true }, 'textarea')).toBeNull();
  expect(pressed({ key: 'Enter', metaKey: true }, 'textarea')).toBe('send');
});

import { expect, test, vi } from 'vitest';
import { commandForKey, commandOf, COMMANDS, takes, type CommandId } from '../../../renderer/order/commands.ts';
import { findItems } from '../../../renderer/order/find-items.ts';
import { MENU_GROUPS, RATINGS } from '../../../renderer/order/menu-groups.ts';

const press = (key: string, more: Partial<KeyboardEvent> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test.each([
  ['Enter', {}, 'open'],
  ['1', {}, 'rate-1'],
  ['3', {}, 'rate-3'],
  ['5', {}, 'rate-5'],
  ['0', {}, 'rate-0'],
  ['f', {}, 'favourite'],
  ['x', {}, 'reject'],
  ['t', {}, 'tag'],
  ['c', {}, 'collect'],
  ['C', { shiftKey: true }, 'collect-in'],
  ['g', {}, 'cover'],
  ['v', {}, 'survey'],
  ['e', {}, 'canvas'],
  ['r', { ctrlKey: true }, 'reuse'],
  ['r', { metaKey: true }, 'reuse'],
  ['E', { ctrlKey: true, shiftKey: true }, 'export'],
  ['V', { shiftKey: true }, 'variation'],
  ['Delete', {}, 'trash'],
  ['f', { ctrlKey: true }, null],
  ['1', { altKey: true }, null],
] as const)('%s %o is %s in the library', (key, more, id) => {
  expect(commandForKey(press(key, more), 'library')).toBe(id);
});

test('the trash has keys of its own, and none that edit', () => {
  expect(commandForKey(press('Delete'), 'trash')).toBe('delete');
  expect(commandForKey(press('r'), 'trash')).toBe('restore');
  expect(commandForKey(press('3'), 'trash')).toBeNull();
});

test('every command is in the menu, and no key has two of a place', () => {
  const shown = new Set([...MENU_GROUPS.flat(), ...RATINGS]);
  expect(COMMANDS.filter(({ id }) => !shown.has(id))).toEqual([]);
  const keys = COMMANDS.flatMap(({ key, place }) =>
    (key?.names ?? []).map((name) => `${place === 'trash' ? 'trash' : 'library'} ${key?.mod} ${key?.shift} ${name}`),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('commands say how many images they take', () => {
  const taken = (id: CommandId) => [1, 2, 3, 16, 17].map((images) => takes(commandOf(id), images, 'library'));
  expect(taken('compare')).toEqual([false, true, false, false, false]);
  expect(taken('survey')).toEqual([false, true, true, true, false]);
});

test('of ten thousand tags the same name comes first, without case and diacritics', () => {
  const tags = Array.from({ length: 10_000 }, (_, index) => ({ path: `group-${index % 100}/tag-${index}` }));
  tags.push({ path: 'client/Café' }, { path: 'cafe' }, { path: 'decaf' });
  const normalize = vi.spyOn(String.prototype, 'normalize');
  const found = findItems(tags, 'CAFE', 3);
  // Each name once, and what was typed.
  expect(normalize).toHaveBeenCalledTimes(tags.length + 1);
  normalize.mockRestore();
  expect(found.map(({ path }) => path)).toEqual(['cafe', 'client/Café']);
  expect(findItems(tags, 'caf', 3).map(({ path }) => path)).toEqual(['cafe', 'client/Café', 'decaf']);
});

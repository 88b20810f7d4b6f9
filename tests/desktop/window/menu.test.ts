import type { MenuItemConstructorOptions } from 'electron';
import { expect, test } from 'vitest';
import { menuTemplate } from '../../../electron/desktop/window/menu.ts';

const actions = { showLibraryFolder: () => undefined, openReference: () => undefined };

function flat(items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
}

test.each(['darwin', 'win32', 'linux'] as const)(
  'on %s no item uses a shortcut of the page or reloads it',
  (platform) => {
    const items = flat(menuTemplate(platform, true, actions));
    expect(items.filter((item) => item.accelerator !== undefined)).toEqual([]);
    const roles = items.map((item) => item.role).filter((role) => role !== undefined);
    expect(roles).toEqual(
      expect.arrayContaining(['editMenu', 'resetZoom', 'zoomIn', 'zoomOut', 'togglefullscreen', 'windowMenu', 'help']),
    );
    for (const role of ['reload', 'forceReload', 'toggleDevTools', 'viewMenu'] as const)
      expect.soft(roles).not.toContain(role);
  },
);

test('macOS has the application menu; elsewhere Quit is in File and About in Help', () => {
  expect(menuTemplate('darwin', true, actions)[0]?.role).toBe('appMenu');
  const linux = menuTemplate('linux', true, actions);
  expect(linux.map((item) => item.label ?? item.role)).toEqual(['&File', 'editMenu', '&View', 'windowMenu', 'help']);
  expect(flat(linux).map((item) => item.role)).toEqual(expect.arrayContaining(['quit', 'about']));
});

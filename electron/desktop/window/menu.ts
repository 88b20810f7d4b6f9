import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  showLibraryFolder(): void;
  openReference(): void;
}

/**
 * The native menu. It holds what belongs to the system: roles, zoom, windows. The application's own keys are the page's, which knows
 * what is on screen, so no item here may take one of them.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  packaged: boolean,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const folder = mac ? 'Show library in Finder' : 'Show library folder';
  return [
    ...(mac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: mac ? 'File' : '&File',
      submenu: [
        { id: 'show-library', label: folder, click: actions.showLibraryFolder },
        separator,
        mac ? { role: 'close' } : { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: mac ? 'View' : '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        separator,
        { role: 'togglefullscreen' },
        ...(packaged ? [] : [separator, { role: 'toggleDevTools' } satisfies MenuItemConstructorOptions]),
      ],
    },
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { id: 'reference', label: 'Images API reference', click: actions.openReference },
        ...(mac ? [] : [separator, { role: 'about' } satisfies MenuItemConstructorOptions]),
      ],
    },
  ];
}

import type { MenuItemConstructorOptions } from 'electron';

export interface MenuActions {
  showLibraryFolder(): void;
  openReference(): void;
}

/**
 * Returns the template of the native menu: system roles, zoom and windows. The page handles the application's own shortcuts, so no item
 * here may use one of them.
 */
export function menuTemplate(
  platform: NodeJS.Platform,
  packaged: boolean,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const mac = platform === 'darwin';
  const separator: MenuItemConstructorOptions = { type: 'separator' };
  const folder = mac ? 'Show Library in Finder' : 'Show Library Folder';
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
        { id: 'reference', label: 'Images API Reference', click: actions.openReference },
        ...(mac ? [] : [separator, { role: 'about' } satisfies MenuItemConstructorOptions]),
      ],
    },
  ];
}

import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { dialog, shell } from './dialogs.ts';
import { screen } from './display.ts';
import { ipcMain } from './ipc.ts';
import { Menu } from './menu.ts';
import { powerMonitor } from './power-monitor.ts';
import { safeStorage } from './safe-storage.ts';
import { protocol } from './schemes.ts';
import { session } from './session.ts';
import { nativeTheme } from './theme.ts';

/** What `import … from 'electron'` gets in the main process. A name that is missing here fails when the application is loaded. */
export {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
};

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
import { utilityProcess } from './utility-process.ts';

/** The exports of `electron` in the main process. A missing name fails when the application is loaded. */
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
  utilityProcess,
};

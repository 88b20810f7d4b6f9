import { BrowserWindow, nativeTheme, screen, type BrowserWindowConstructorOptions } from 'electron';
import type { Log } from '../../contract/errors/errors.ts';
import { MIN_HEIGHT, MIN_WIDTH, placeWindow, readWindowState, type WindowStateStore } from './window-state.ts';

/** The renderer's colour tokens stage, panel and ink, for what the system paints before the page and next to it. */
const COLOURS = {
  dark: { stage: '#121212', panel: '#1c1c1c', ink: '#dcdcdc' },
  light: { stage: '#cbcbcb', panel: '#e2e2e2', ink: '#1a1a1a' },
};
/** Height of the page's top bar without its bottom border, px. */
const OVERLAY_HEIGHT = 43;
const SAVE_DELAY_MS = 500;
export const WINDOW_STATE_NOT_SAVED = 'The window’s place could not be remembered';

export interface WindowOptions {
  preload: string;
  /** The JSON file of the window's state. */
  stateFile: string;
  /** Saves that file. */
  place: WindowStateStore;
  log: Log;
}

/** Creates the window without a page. It is shown when its page has painted; until then it has the page's background colour. */
export async function createWindow({ preload, stateFile, place, log }: WindowOptions): Promise<BrowserWindow> {
  const displays = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea);
  const { maximized, ...bounds } = placeWindow(await readWindowState(stateFile), displays);
  const window = new BrowserWindow({
    ...bounds,
    minWidth: Math.min(MIN_WIDTH, bounds.width),
    minHeight: Math.min(MIN_HEIGHT, bounds.height),
    title: 'Emulsion',
    show: false,
    backgroundColor: colours().stage,
    ...titleBar(),
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      navigateOnDragDrop: false,
      // Except on macOS, the spell checker downloads dictionaries from a server.
      spellcheck: process.platform === 'darwin',
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  trackWindowState(window, place, log);
  followTheme(window);
  return window;
}

/** The page draws the top bar; the system's buttons are on the rail on macOS and at the right end elsewhere. */
function titleBar(): BrowserWindowConstructorOptions {
  if (process.platform === 'darwin') return { titleBarStyle: 'hiddenInset', trafficLightPosition: { x: 8, y: 16 } };
  return { titleBarStyle: 'hidden', titleBarOverlay: overlay(), autoHideMenuBar: true };
}

function colours(): (typeof COLOURS)['dark'] {
  return nativeTheme.shouldUseDarkColors ? COLOURS.dark : COLOURS.light;
}

function overlay(): { color: string; symbolColor: string; height: number } {
  return { color: colours().panel, symbolColor: colours().ink, height: OVERLAY_HEIGHT };
}

function followTheme(window: BrowserWindow): void {
  const repaint = (): void => {
    window.setBackgroundColor(colours().stage);
    if (process.platform !== 'darwin') window.setTitleBarOverlay(overlay());
  };
  nativeTheme.on('updated', repaint);
  window.on('closed', () => nativeTheme.off('updated', repaint));
}

function trackWindowState(window: BrowserWindow, place: WindowStateStore, log: Log): void {
  let timer: NodeJS.Timeout | undefined;
  place.follow(() => {
    if (window.isDestroyed() || window.isMinimized() || window.isFullScreen()) return null;
    return { ...window.getNormalBounds(), maximized: window.isMaximized() };
  });
  const save = (): void => {
    clearTimeout(timer);
    place.save().catch((error: unknown) => log(WINDOW_STATE_NOT_SAVED, error));
  };
  const saveSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(save, SAVE_DELAY_MS);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('close', save);
  window.on('closed', () => clearTimeout(timer));
}

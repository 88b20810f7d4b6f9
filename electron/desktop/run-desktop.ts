import {
  app,
  ipcMain,
  Menu,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  session,
  shell,
  utilityProcess,
  type BrowserWindow,
} from 'electron';
import { join } from 'node:path';
import type { Settings } from '../contract/entities/settings.ts';
import type { LogFile } from '../log/log.ts';
import type { Studio } from '../studio/studio.ts';
import { openKeyStore } from './key-store.ts';
import { chooseExportFolder, chooseFolder, chooseImport, showMessage } from './window/dialogs.ts';
import { getHostInfo } from './host-info.ts';
import { reloadAfterCrash } from './window/crash-recovery.ts';
import { connectPage } from './page/ipc.ts';
import { menuTemplate } from './window/menu.ts';
import { hideNativeSharp, threadImports } from './native-sharp.ts';
import type { DesktopOptions } from './options.ts';
import { PAGE_SCHEME, PAGE_URL } from './page/page-rules.ts';
import { createSingleWindow } from './window/single-window.ts';
import { forwardPowerEvents } from './power-events.ts';
import { createPageHandler, type PageFiles } from './page/protocol.ts';
import { guardQuit } from './window/quit.ts';
import { restrictNavigation, restrictPermissions } from './page/security.ts';
import { DecodingPool } from '../library/decoding/decoding-pool.ts';
import { startUtilityDecoder } from './utility-decoder.ts';
import { openWithRetry } from './startup.ts';
import { createWindowStateStore } from './window/window-state.ts';
import { createWindow, WINDOW_STATE_NOT_SAVED } from './window/window.ts';

const REFERENCE = 'https://platform.openai.com/docs/api-reference/images';

/** Build-specific parts, set by the entry file. */
export interface DesktopBuild {
  openPage(): Promise<PageFiles>;
  /** Path of the built preload script. */
  preload: string;
}

export interface RunOptions extends DesktopOptions, DesktopBuild {
  defaultLibraryFolder: string;
  log: LogFile;
  /** Called with errors that no caller handles. */
  onFault(error: unknown): void;
}

/** Runs the application: opens the studio, the page and the window, and connects them. Resolves when the window is shown. */
export async function runDesktop(options: RunOptions): Promise<void> {
  const { log } = options;
  let showWindow = (): void => undefined;
  // A second start while the library is still opening has no window to show; the window opens afterwards.
  app.on('second-instance', () => showWindow());
  app.on('web-contents-created', (_event, page) =>
    restrictNavigation(page, (address) => shell.openExternal(address), log.error),
  );
  await app.whenReady();
  restrictPermissions(session.defaultSession);

  let mayQuit = (): boolean => false;
  const stateFile = join(app.getPath('userData'), 'window.json');
  const place = createWindowStateStore(stateFile);
  const window = createSingleWindow(
    async () =>
      prepareWindow(await createWindow({ preload: options.preload, stateFile, place, log: log.error }), options, () =>
        mayQuit(),
      ),
    PAGE_URL,
  );
  const studio = await openStudio(options, window.current);
  if (!studio) {
    await log.close();
    app.exit(1);
    return;
  }
  await syncThemeSource(studio);
  forwardPowerEvents(powerMonitor, studio);
  const page = await options.openPage();
  protocol.handle(
    PAGE_SCHEME,
    createPageHandler({
      page,
      serveImage: studio.serveImage,
      serveViewShape: studio.serveViewShape,
      receiveInput: studio.receiveInput,
    }),
  );
  connectPage(ipcMain, studio, () => window.current()?.webContents ?? null);
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(process.platform, app.isPackaged, menuActions(studio, options.onFault))),
  );
  const closableStudio = {
    unfinishedJobs: studio.unfinishedJobs,
    async close() {
      // Saved now: the process ends with its last window, before later saves would finish.
      await place.save().catch((error: unknown) => log.error(WINDOW_STATE_NOT_SAVED, error));
      await studio.close();
      log.info('Emulsion ended');
      await log.close();
    },
  };
  mayQuit = guardQuit(app, closableStudio, (question) => showMessage(window.current(), question), log.error);

  showWindow = () => void window.show().catch(options.onFault);
  app.on('window-all-closed', () => process.platform !== 'darwin' && app.quit());
  app.on('activate', showWindow);
  await window.show();
}

function prepareWindow(window: BrowserWindow, options: RunOptions, mayQuit: () => boolean): BrowserWindow {
  window.on('close', (event) => {
    // Except on macOS, closing the window quits the program, after the same confirmation.
    if (process.platform === 'darwin' || mayQuit()) return;
    event.preventDefault();
    app.quit();
  });
  reloadAfterCrash(window.webContents, {
    ask: (question) => showMessage(window.isDestroyed() ? null : window, question),
    quit: () => app.quit(),
    log: options.log.error,
    onFault: options.onFault,
  });
  return window;
}

/** Opens the studio; null if it can't be opened and the person quit. A folder chosen meanwhile is saved to the settings. */
async function openStudio(options: RunOptions, window: () => BrowserWindow | null): Promise<Studio | null> {
  hideNativeSharp();
  // Imported here because it imports sharp, which must come after `hideNativeSharp`.
  const { createStudio } = await import('../studio/studio.ts');
  const keys = await openKeyStore(safeStorage, process.platform);
  return openWithRetry(
    ({ folder, openAnyway, rebuild, restore }) =>
      createStudio({
        openAnyway,
        rebuild,
        restore,
        libraryFolder: folder ?? options.libraryFolder,
        defaultLibraryFolder: options.defaultLibraryFolder,
        preferencesFolder: app.getPath('userData'),
        rescueFolders: [join(app.getPath('userData'), 'rescue'), join(app.getPath('temp'), 'emulsion-rescue')],
        cipher: keys.cipher,
        environment: process.env,
        demo: options.demo,
        startDecoding: () => new DecodingPool(() => startUtilityDecoder(utilityProcess.fork)),
        demoImports: threadImports(),
        host: getHostInfo(app.getVersion(), process.platform, keys),
        reveal: async (path) => shell.showItemInFolder(path),
        trash: (path) => shell.trashItem(path),
        chooseLibrary: () => chooseFolder(window()),
        chooseExportFolder: () => chooseExportFolder(window()),
        chooseImport: (what) => chooseImport(window(), what),
        log: options.log,
      }),
    {
      ask: (question, signal) => showMessage(null, signal ? { ...question, signal } : question),
      chooseFolder: () => chooseFolder(null),
      showFolder: async (path) => {
        await shell.openPath(path);
      },
    },
    (studio, folder) => studio.rememberLibrary(folder),
    options.log,
  );
}

async function syncThemeSource(studio: Studio): Promise<void> {
  const outcome = await studio.dispatch('settings.get', {});
  if ('ok' in outcome) nativeTheme.themeSource = (outcome.ok as Settings).theme;
  studio.subscribe((event) => {
    if (event.type === 'settings') nativeTheme.themeSource = event.settings.theme;
  });
}

function menuActions(studio: Studio, onFault: (error: unknown) => void): Parameters<typeof menuTemplate>[2] {
  return {
    showLibraryFolder: () => void shell.openPath(studio.libraryFolder).catch(onFault),
    openReference: () => void shell.openExternal(REFERENCE).catch(onFault),
  };
}

import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';

/** Shows a message box, attached to the window if there is one. Resolves to the index of the chosen button. */
export async function showMessage(window: BrowserWindow | null, options: MessageBoxOptions): Promise<number> {
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return response;
}

/** Shows a dialog to choose the library folder. Resolves to an absolute path, or null if cancelled. */
export function chooseFolder(window: BrowserWindow | null): Promise<string | null> {
  return askFolder(window, {
    title: 'Library folder',
    message: 'Images, records and the library’s database are stored in this folder.',
    buttonLabel: 'Use Folder',
  });
}

/** Shows a dialog to choose the folder of an export, or a mirror folder. Resolves to an absolute path, or null if cancelled. */
export function chooseExportFolder(window: BrowserWindow | null): Promise<string | null> {
  return askFolder(window, {
    title: 'Folder for images',
    message: 'Images are written to this folder.',
    buttonLabel: 'Choose Folder',
  });
}

async function askFolder(
  window: BrowserWindow | null,
  texts: Pick<Electron.OpenDialogOptions, 'title' | 'message' | 'buttonLabel'>,
): Promise<string | null> {
  const options: Electron.OpenDialogOptions = { ...texts, properties: ['openDirectory', 'createDirectory'] };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

/** Shows a dialog to choose files or a folder to import. Resolves to absolute paths, or null if cancelled. */
export async function chooseImport(window: BrowserWindow | null, what: 'files' | 'folder'): Promise<string[] | null> {
  const options: Electron.OpenDialogOptions = {
    title: 'Import images',
    buttonLabel: 'Choose',
    // Every file is judged by its content, so none is hidden here.
    properties: what === 'folder' ? ['openDirectory', 'multiSelections'] : ['openFile', 'multiSelections'],
  };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled || filePaths.length === 0 ? null : filePaths;
}

import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';

/** Asks on the window, or on its own where there is none. The number of the chosen button. */
export async function showMessage(window: BrowserWindow | null, options: MessageBoxOptions): Promise<number> {
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options));
  return response;
}

/** Asks for a library folder. Absolute path, or null when the person changed their mind. */
export async function chooseFolder(window: BrowserWindow | null): Promise<string | null> {
  const options: Electron.OpenDialogOptions = {
    title: 'Library folder',
    message: 'Images, records and the library’s database are stored in this folder.',
    buttonLabel: 'Use Folder',
    properties: ['openDirectory', 'createDirectory'],
  };
  const { canceled, filePaths } = await (window
    ? dialog.showOpenDialog(window, options)
    : dialog.showOpenDialog(options));
  return canceled ? null : (filePaths[0] ?? null);
}

import { rename } from 'node:fs/promises';
import { journal } from './journal.ts';

/** `dialog`: records its calls and responds as if the box was closed. Tests replace the response. */
export const dialog = {
  showMessageBox(...args: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> {
    const options = args.at(-1) as { cancelId?: number };
    journal.push(['message-box', options]);
    return Promise.resolve({ response: options.cancelId ?? 0, checkboxChecked: false });
  },
  showOpenDialog(...args: unknown[]): Promise<{ canceled: boolean; filePaths: string[] }> {
    journal.push(['open-dialog', args.at(-1)]);
    return Promise.resolve({ canceled: true, filePaths: [] });
  },
  showErrorBox(title: string, content: string): void {
    journal.push(['error-box', { title, content }]);
  },
};

/** `shell`: records its calls, opens nothing. */
export const shell = {
  openExternal: (address: string): Promise<void> => Promise.resolve(void journal.push(['open-external', address])),
  openPath: (path: string): Promise<string> => (journal.push(['open-path', path]), Promise.resolve('')),
  /** Takes the folder away from where it was, as the system does; tests find it beside, with the end `.trashed`. */
  trashItem: (path: string): Promise<void> => (journal.push(['trash-item', path]), rename(path, `${path}.trashed`)),
  showItemInFolder: (path: string): void => void journal.push(['show-item', path]),
};

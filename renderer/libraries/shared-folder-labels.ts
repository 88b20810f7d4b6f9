import type { SharedFolder } from '../../electron/contract/entities/settings.ts';

const NAMES: Readonly<Record<Exclude<SharedFolder, 'network' | 'cloud'>, string>> = {
  icloud: 'iCloud Drive',
  onedrive: 'OneDrive',
  dropbox: 'Dropbox',
  'google-drive': 'Google Drive',
  nextcloud: 'Nextcloud',
  syncthing: 'Syncthing',
};

/** The same in one line, at the start. */
export function sharedLibraryLine(shared: SharedFolder): string {
  if (shared === 'network') return 'The library’s folder is on another computer, which can damage its database.';
  return `${nameOf(shared)} copies the library’s folder, which can damage its database.`;
}

const nameOf = (shared: Exclude<SharedFolder, 'network'>): string =>
  shared === 'cloud' ? 'A cloud service' : NAMES[shared];

/** Why a library shouldn't be in a folder: what is said above, and what it means. */
export function sharedFolderWarning(shared: SharedFolder): { title: string; message: string } {
  if (shared === 'network')
    return {
      title: 'This folder is on another computer.',
      message:
        'A database on a network drive can be damaged when the connection drops or two computers open it. Your images are files of their own, and the database can be rebuilt from their records. A folder on a local disk is better.',
    };
  return {
    title: `${nameOf(shared)} copies this folder.`,
    message:
      'A database that is copied while it is open, or opened on two computers, can be damaged. Your images are files of their own, and the database can be rebuilt from their records. A folder that isn’t synced is better; export what you want to share.',
  };
}

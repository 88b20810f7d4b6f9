import type { SharedFolder } from '../../electron/contract/entities/settings.ts';

const NAMES: Readonly<Record<Exclude<SharedFolder, 'network' | 'cloud'>, string>> = {
  icloud: 'iCloud Drive',
  onedrive: 'OneDrive',
  dropbox: 'Dropbox',
  'google-drive': 'Google Drive',
  nextcloud: 'Nextcloud',
  syncthing: 'Syncthing',
};

/** Why a library shouldn't be in a folder: what is said above, and what it means. */
export function sharedFolderWarning(shared: SharedFolder): { title: string; message: string } {
  if (shared === 'network')
    return {
      title: 'This folder is on another computer.',
      message:
        'A database on a network drive can be damaged when the connection drops or two computers open it. Your images are files of their own, and the database can be rebuilt from their records. A folder on a local disk is better.',
    };
  const name = shared === 'cloud' ? 'A cloud service' : NAMES[shared];
  return {
    title: `${name} copies this folder.`,
    message:
      'A database that is copied while it is open, or opened on two computers, can be damaged. Your images are files of their own, and the database can be rebuilt from their records. A folder that isn’t synced is better; export what you want to share.',
  };
}

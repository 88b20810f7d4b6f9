import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sharedFolder, type Surroundings } from '../../../electron/library/files/shared-folder.ts';
import { emptyFolder } from '../test-library.ts';

const around = (change: Partial<Surroundings> = {}): Surroundings => ({
  platform: 'darwin',
  home: '/Users/ada',
  environment: {},
  list: () => Promise.resolve([]),
  read: () => Promise.resolve(null),
  fileSystem: () => Promise.resolve(null),
  mounts: () => Promise.resolve(''),
  ...change,
});

it.each([
  ['/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/Emulsion', 'icloud'],
  ['/Users/ada/Library/CloudStorage/OneDrive-Personal/Pictures/Emulsion', 'onedrive'],
  ['/Users/ada/Library/CloudStorage/GoogleDrive-ada@example.org/My Drive/Emulsion', 'google-drive'],
  ['/Users/ada/Library/CloudStorage/Box-Box/Emulsion', 'cloud'],
  ['/Users/ada/Dropbox/Emulsion', 'dropbox'],
  ['/Users/ada/Dropbox (Studio)/Emulsion', 'dropbox'],
  ['/Users/ada/Nextcloud/Emulsion', 'nextcloud'],
  ['C:\\Users\\ada\\OneDrive - Acme Ltd\\Pictures\\Emulsion', 'onedrive'],
  ['C:\\Users\\ada\\iCloudDrive\\Emulsion', 'icloud'],
  ['G:\\My Drive\\Emulsion', 'google-drive'],
  ['\\\\nas\\pictures\\Emulsion', 'network'],
  ['//nas/pictures/Emulsion', 'network'],
  ['/Users/ada/Pictures/Emulsion', null],
  ['/Users/ada/Pictures/My OneDrive photos/Emulsion', null],
  ['/Users/ada/Dropbox-export.old/Emulsion', 'dropbox'],
  ['C:\\Users\\ada\\Pictures\\Emulsion', null],
  ['\\\\?\\C:\\Users\\ada\\Pictures\\Emulsion', null],
])('%s: %s', async (folder, kind) => {
  expect(await sharedFolder(folder, around())).toBe(kind);
});

it('folders that services name themselves are recognised whatever they are called', async () => {
  const windows = around({ platform: 'win32', environment: { OneDriveCommercial: 'D:\\Work' } });
  expect(await sharedFolder('D:\\Work\\Emulsion', windows)).toBe('onedrive');
  expect(await sharedFolder('d:\\work', windows)).toBe('onedrive');
  expect(await sharedFolder('D:\\Workshop\\Emulsion', windows)).toBeNull();
  const info = JSON.stringify({ personal: { path: '/Volumes/Data/Boxed', host: 1 }, odd: null, other: { path: 7 } });
  const boxed = around({ read: (file) => Promise.resolve(file === '/Users/ada/.dropbox/info.json' ? info : null) });
  expect(await sharedFolder('/Volumes/Data/Boxed/Emulsion', boxed)).toBe('dropbox');
  expect(await sharedFolder('/Volumes/Data/Emulsion', boxed)).toBeNull();
  for (const text of ['', '{', '[]', 'null', '"x"', '{"personal":null}'])
    expect(await sharedFolder('/Volumes/Data/Emulsion', around({ read: () => Promise.resolve(text) }))).toBeNull();
});

it.each([
  ['.stfolder', 'syncthing'],
  ['.dropbox', 'dropbox'],
  ['.sync_1a2b3c4d5e6f.db', 'nextcloud'],
  ['.nextcloudsync.log', 'nextcloud'],
  ['.stfolder.removed-by-me', null],
])('what a service leaves in a folder above is recognised: %s', async (marker, kind) => {
  const list = (folder: string): Promise<string[]> => Promise.resolve(folder === '/data/pictures' ? [marker] : []);
  expect(await sharedFolder('/data/pictures/Emulsion/library', around({ list }))).toBe(kind);
});

it.each([
  ['NFS', 0x6969, 'network'],
  ['CIFS', 0xff534d42, 'network'],
  ['CIFS, as a negative number', 0xff534d42 | 0, 'network'],
  ['ext4', 0xef53, null],
  ['tmpfs', 0x01021994, null],
])('a file system of another computer is recognised on Linux: %s', async (_, type, kind) => {
  const fileSystem = (): Promise<number> => Promise.resolve(type);
  expect(await sharedFolder('/mnt/pictures', around({ platform: 'linux', fileSystem }))).toBe(kind);
  expect(await sharedFolder('/mnt/pictures', around({ platform: 'darwin', fileSystem }))).toBeNull();
});

it.each([
  ['fuse.sshfs', 'network'],
  ['fuse.rclone', 'network'],
  // A local disk in a format of Windows, several local disks as one, an encrypted folder.
  ['fuseblk', null],
  ['fuse.mergerfs', null],
  ['fuse.gocryptfs', null],
])(
  'a program’s file system is on another computer only if the program is known to reach one: %s',
  async (type, kind) => {
    const mounts = [
      '/dev/sda1 / ext4 rw 0 0',
      'ada@host: /mnt/my\\040pictures fuse.sshfs rw 0 0',
      `it /mnt/my\\040pictures ${type} rw 0 0`,
      'other /mnt/my\\040pictures2 fuse.sshfs rw 0 0',
      '',
    ].join('\n');
    const surroundings = around({
      platform: 'linux',
      fileSystem: () => Promise.resolve(0x65735546),
      read: (file) => Promise.resolve(file === '/proc/self/mounts' ? mounts : null),
    });
    expect(await sharedFolder('/mnt/my pictures/Emulsion', surroundings)).toBe(kind);
  },
);

it('a link into a synced folder is in it', async () => {
  const folder = await emptyFolder();
  const synced = join(folder, 'Dropbox', 'Emulsion');
  mkdirSync(synced, { recursive: true });
  symlinkSync(synced, join(folder, 'library'));
  expect(await sharedFolder(join(folder, 'library'))).toBe('dropbox');
  expect(await sharedFolder(folder)).toBeNull();
  expect(await sharedFolder(join(folder, 'not there'))).toBeNull();
  // A library that is to be created there.
  expect(await sharedFolder(join(folder, 'library', 'Clients', 'New'))).toBe('dropbox');
});

it.each([
  ['/Volumes/pictures/Emulsion', 'network'],
  ['/Volumes/My (old) disk/Emulsion', 'network'],
  ['/Volumes/web/Emulsion', 'network'],
  ['/Users/ada/remote/Emulsion', 'network'],
  ['/Users/ada/vault/Emulsion', null],
  ['/Volumes/Card/Emulsion', null],
  ['/Volumes/pictures of 2026/Emulsion', null],
  ['/Users/ada/Pictures/Emulsion', null],
])('on macOS a mount of another computer is recognised: %s', async (folder, kind) => {
  // Lines as mount(8) prints them.
  const mounts = [
    '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
    '/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse, protect, root data)',
    '//ada@nas._smb._tcp.local/pictures on /Volumes/pictures (smbfs, nodev, nosuid, mounted by ada)',
    '//ada@nas/My%20(old)%20disk on /Volumes/My (old) disk (afpfs, nodev, nosuid, mounted by ada)',
    'https://cloud.example.org/dav on /Volumes/web (webdav, nodev, noexec, nosuid, mounted by ada)',
    'ada@host:/srv on /Users/ada/remote (macfuse, nodev, nosuid, synchronous, mounted by ada)',
    'Cryptomator on /Users/ada/vault (macfuse, local, nodev, nosuid, mounted by ada)',
    '/dev/disk4s1 on /Volumes/Card (exfat, local, nodev, nosuid, noowners, mounted by ada)',
    '',
  ].join('\n');
  expect(await sharedFolder(folder, around({ mounts: () => Promise.resolve(mounts) }))).toBe(kind);
});

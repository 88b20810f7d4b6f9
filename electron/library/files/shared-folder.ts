import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { SharedFolder } from '../../contract/entities/settings.ts';
import type { Readable } from '../db/database.ts';
import type { Library } from './library-handle.ts';

/** Where a folder is looked at from; the system's own unless a test says otherwise. */
export interface Surroundings {
  platform: NodeJS.Platform;
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** Names in a folder; [] where it can't be read. */
  list(folder: string): Promise<string[]>;
  /** A file's text; null where it can't be read. */
  read(file: string): Promise<string | null>;
  /** The type of the file system that a folder is on (statfs); null where it isn't known. */
  fileSystem(folder: string): Promise<number | null>;
  /** What `mount` prints on macOS; '' where it can't be run. */
  mounts(): Promise<string>;
}

const run = promisify(execFile);

const SYSTEM: Surroundings = {
  platform: process.platform,
  home: homedir(),
  environment: process.env,
  list: (folder) => attempt(fs.readdir(folder), []),
  read: (file) => attempt(fs.readFile(file, 'utf8'), null),
  fileSystem: (folder) =>
    attempt(
      fs.statfs(folder).then(({ type }) => type),
      null,
    ),
  mounts: () =>
    attempt(
      run('/sbin/mount', { timeout: 5000 }).then(({ stdout }) => stdout),
      '',
    ),
};

/** What can't be read says nothing about the folder. */
function attempt<Value, Otherwise>(reading: Promise<Value>, otherwise: Otherwise): Promise<Value | Otherwise> {
  return reading.catch(() => otherwise);
}

/** Names of folders that a service gives its folder, below any other one. Sources: the services' help pages, by the names that they install. */
const BY_NAME: readonly [name: RegExp, kind: SharedFolder][] = [
  [/^(?:com~apple~CloudDocs|iCloud Drive|iCloudDrive)$/u, 'icloud'],
  [/^OneDrive(?: - .+|-.+)?$/u, 'onedrive'],
  [/^Dropbox(?: \(.+\)|-.+)?$/u, 'dropbox'],
  [/^(?:Google Drive|GoogleDrive(?:-.+)?|My Drive)$/u, 'google-drive'],
  [/^Nextcloud$/u, 'nextcloud'],
];

/** Names that a service leaves in a folder that it copies. */
const BY_MARKER: readonly [marker: RegExp, kind: SharedFolder][] = [
  [/^\.stfolder$/u, 'syncthing'],
  [/^\.dropbox$/u, 'dropbox'],
  [/^\.(?:sync_[0-9a-f]+|_sync_[0-9a-f]+)\.db$|^\.nextcloudsync\.log$/u, 'nextcloud'],
];

/** Types that Linux names for file systems of another computer (linux/magic.h, and the manual page statfs(2)). */
const NETWORK_TYPES = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42, 0x01021997, 0x00c36400]);
/** A program's own file system: another computer's, or a local disk's in a format that Linux itself doesn't know. */
const FUSE = 0x65735546;
/** Those programs that reach another computer, as `/proc/self/mounts` names them. */
const NETWORK_PROGRAMS =
  /^fuse\.(?:sshfs|rclone|s3fs|goofys|gcsfuse|davfs2?|curlftpfs|glusterfs|cephfs|ceph-fuse|juicefs|seaweedfs|onedriver|google-drive-ocamlfuse|gvfsd-fuse|kio-fuse)$/u;

/**
 * Which service copies a folder to other computers, or whether it is on another computer; null for neither. A database that is copied while it
 * is open, or opened on two computers, is damaged sooner or later (sqlite.org/howtocorrupt.html). What isn't recognised may still be copied.
 */
export async function sharedFolder(folder: string, around: Surroundings = SYSTEM): Promise<SharedFolder | null> {
  const real = around === SYSTEM ? await realPath(folder) : folder;
  const parts = real.split(/[\\/]/u);
  if (/^[\\/]{2}[^\\/.?]/u.test(real)) return 'network';
  for (const [name, kind] of BY_NAME) if (parts.some((part) => name.test(part))) return kind;
  if (around.platform === 'darwin' && isBelow(real, join(around.home, 'Library', 'CloudStorage'))) return 'cloud';
  for (const [path, kind] of await ownFolders(around)) if (isBelow(real, path)) return kind;
  for (let at = real; ; at = dirname(at)) {
    const names = await around.list(at);
    for (const [marker, kind] of BY_MARKER) if (names.some((name) => marker.test(name))) return kind;
    if (at === dirname(at)) break;
  }
  if (around.platform === 'linux') return (await isOnNetwork(real, around)) ? 'network' : null;
  return around.platform === 'darwin' && isMountedFromNetwork(real, await around.mounts()) ? 'network' : null;
}

/**
 * A path without links: one from Documents into a service's folder is in that, and the letter of a Windows network drive stands for
 * `\\\\server\\share`, by which it is known. A folder that isn't there yet is looked at by those above it.
 */
async function realPath(folder: string): Promise<string> {
  const real = await attempt<string, null>(fs.realpath(folder), null);
  if (real !== null || dirname(folder) === folder) return real ?? folder;
  return join(await realPath(dirname(folder)), basename(folder));
}

/** Types of macOS for file systems of another computer, as mount(8) prints them. */
const NETWORK_TYPES_OF_MACOS = /^(?:smbfs|nfs|afpfs|webdav|ftp|cifs)$/u;
/** Programs' own file systems there. What they show is elsewhere if it is named `computer:folder`. */
const FUSE_OF_MACOS = /^(?:macfuse|osxfuse|fuse-t)$/u;

/** Whether a folder is on a mount of another computer, by lines of macOS' mount(8): `//ada@nas/pictures on /Volumes/pictures (smbfs, nodev)`. */
function isMountedFromNetwork(folder: string, mounts: string): boolean {
  let [longest, found] = ['', false];
  for (const line of mounts.split('\n')) {
    const [, source = '', place = '', type = ''] = /^(.*?) on (\/.*) \(([^,()]+)[^()]*\)$/u.exec(line) ?? [];
    if (place === '' || place.length < longest.length || !isInside(folder, place)) continue;
    const isRemote = FUSE_OF_MACOS.test(type) && /^[^/]+:/u.test(source);
    [longest, found] = [place, isRemote || NETWORK_TYPES_OF_MACOS.test(type)];
  }
  return found;
}

async function isOnNetwork(folder: string, { fileSystem, read }: Surroundings): Promise<boolean> {
  const found = await fileSystem(folder);
  // The system may report it as a negative number of 32 bits.
  const type = found === null ? 0 : found >>> 0;
  if (type !== FUSE) return NETWORK_TYPES.has(type);
  return NETWORK_PROGRAMS.test(mountType(folder, (await read('/proc/self/mounts')) ?? ''));
}

/** The type of the mount that a folder is on, as `/proc/self/mounts` has it (proc_pid_mounts(5)); '' if it isn't there. */
function mountType(folder: string, mounts: string): string {
  let [longest, found] = ['', ''];
  for (const line of mounts.split('\n')) {
    const [, place = '', type = ''] = line.split(' ');
    const path = place.replace(/\\([0-7]{3})/gu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));
    // Of two at one place the later one is seen.
    if (path.length >= longest.length && isInside(folder, path)) [longest, found] = [path, type];
  }
  return found;
}

/** As Linux compares paths. */
function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** Folders that services name themselves, whatever they are called. */
async function ownFolders({ environment, home, read }: Surroundings): Promise<[path: string, kind: SharedFolder][]> {
  const found: [string, SharedFolder][] = [];
  for (const name of ['OneDrive', 'OneDriveConsumer', 'OneDriveCommercial']) {
    const path = environment[name];
    if (path) found.push([path, 'onedrive']);
  }
  for (const folder of [
    join(home, '.dropbox'),
    join(environment['APPDATA'] ?? home, 'Dropbox'),
    join(environment['LOCALAPPDATA'] ?? home, 'Dropbox'),
  ])
    for (const path of dropboxPaths(await read(join(folder, 'info.json')))) found.push([path, 'dropbox']);
  return found;
}

/** Paths in Dropbox's `info.json`: `{ "personal": { "path": … }, "business": { "path": … } }` (help.dropbox.com, "locate the Dropbox folder"). */
function dropboxPaths(text: string | null): string[] {
  const info = text === null ? null : parsed(text);
  if (typeof info !== 'object' || info === null) return [];
  return Object.values(info).flatMap((account: unknown) =>
    typeof account === 'object' && account !== null && 'path' in account && typeof account.path === 'string'
      ? [account.path]
      : [],
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isBelow(path: string, folder: string): boolean {
  const normal = (text: string): string => text.replaceAll('\\', '/').replace(/\/+$/u, '').toLowerCase();
  return normal(path) === normal(folder) || normal(path).startsWith(`${normal(folder)}/`);
}

const found = new WeakMap<Readable, SharedFolder>();

/** Looks whether an open library is in such a folder, for {@link librarySharedBy}. @returns what it is */
export async function findSharedFolder({ db, folder }: Pick<Library, 'db' | 'folder'>): Promise<SharedFolder | null> {
  const kind = await sharedFolder(folder);
  if (kind) found.set(db, kind);
  return kind;
}

/** Who copies an open library's folder, as it was found after the start; null for nobody, or if it isn't known yet. */
export function librarySharedBy({ db }: Pick<Library, 'db'>): SharedFolder | null {
  return found.get(db) ?? null;
}

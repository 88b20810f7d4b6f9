import { join, resolve } from 'node:path';
import * as v from 'valibot';
import { makePrivateFolder, readJsonFile, writeJsonFile } from './json-file.ts';

const VERSION = 1;
const NAME = 'list of libraries';
/** Of the list; older entries are dropped. */
const MAX_FOLDERS = 100;
const FoldersSchema = v.object({ folders: v.array(v.string()) });

function pathOf(preferencesFolder: string): string {
  return join(preferencesFolder, 'used-libraries.json');
}

/** Folders of libraries that have held images, the newest last. What can't be read is no entry: a question is lost, nothing else. */
export async function usedLibraries(preferencesFolder: string): Promise<string[]> {
  const read = ({ json }: { json: unknown }): string[] => {
    const found = v.safeParse(FoldersSchema, json);
    return found.success ? found.output.folders : [];
  };
  const path = pathOf(preferencesFolder);
  return (await readJsonFile({ path, version: VERSION, name: NAME, read }).catch(() => null)) ?? [];
}

/** Takes a folder out of the list. @throws StudioError `disk-full`, `disk-unwritable` */
export async function forgetLibrary(preferencesFolder: string, folder: string): Promise<void> {
  await writeFolders(
    preferencesFolder,
    (await usedLibraries(preferencesFolder)).filter((path) => path !== resolve(folder)),
  );
}

/** Whether the library in this folder has held images. */
export async function hasHeldImages(preferencesFolder: string, folder: string): Promise<boolean> {
  return (await usedLibraries(preferencesFolder)).includes(resolve(folder));
}

/** Remembers that the library in this folder holds images. @throws StudioError `disk-full`, `disk-unwritable` */
export async function rememberImages(preferencesFolder: string, folder: string): Promise<void> {
  const folders = await usedLibraries(preferencesFolder);
  const path = resolve(folder);
  if (folders.includes(path)) return;
  await writeFolders(preferencesFolder, [...folders, path].slice(-MAX_FOLDERS));
}

async function writeFolders(preferencesFolder: string, folders: readonly string[]): Promise<void> {
  await makePrivateFolder(preferencesFolder);
  await writeJsonFile(pathOf(preferencesFolder), { version: VERSION, folders }, NAME);
}

import type { FileToImport } from '../state/import-flow.svelte.ts';

/** Folders are read to this depth: deeper ones are circles. */
const MAX_DEPTH = 50;

/**
 * Files of a drop, with everything in its folders. Call it while the event is handled: what was dropped is out of reach afterwards.
 * A folder that can't be read is left out.
 */
export function droppedEntries({ dataTransfer }: DragEvent): Promise<FileToImport[]> {
  const items = [...(dataTransfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  return Promise.all(
    entries.map(({ entry, file }) => {
      if (entry) return filesOf(entry, 0);
      return Promise.resolve(file ? [{ file, name: file.name }] : []);
    }),
  ).then((lists) => lists.flat());
}

/** Files of a file dialog, with their paths in the folder that was chosen. */
export function chosenEntries(files: readonly File[]): FileToImport[] {
  return files.map((file) => ({ file, name: file.webkitRelativePath || file.name }));
}

async function filesOf(entry: FileSystemEntry, depth: number): Promise<FileToImport[]> {
  if (depth > MAX_DEPTH) return [];
  const name = entry.fullPath.replace(/^\//u, '');
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject)).catch(() => null);
    return file ? [{ file, name }] : [];
  }
  if (!isFolder(entry)) return [];
  const files: FileToImport[] = [];
  const reader = entry.createReader();
  // It answers with a part at a time; an empty one is the end.
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject)).catch(
      () => [],
    );
    if (part.length === 0) return files;
    for (const inner of part) files.push(...(await filesOf(inner, depth + 1)));
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

import { openLibrary, type Library } from '../library/library.ts';
import { isReadOnly, openReadOnly } from '../library/open-read-only.ts';
import type { StudioOptions } from './studio-options.ts';

/**
 * Opens the library in a folder; one whose folder can't be written for reading.
 * @throws StudioError as `openLibrary` does
 */
export async function openWhatIsThere(options: StudioOptions, folder: string, openAnyway: boolean): Promise<Library> {
  try {
    return await openLibrary(folder, options.startDecoding?.(), options.rescueFolders, openAnyway);
  } catch (thrown) {
    if (!(await isReadOnly(folder))) throw thrown;
    options.log.info(`The library in ${folder} can’t be written, and is opened read-only`);
    return openReadOnly(folder, options.preferencesFolder, options.startDecoding?.(), openAnyway);
  }
}

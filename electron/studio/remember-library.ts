import type { Log } from '../contract/errors/errors.ts';
import type { StudioEvent } from '../contract/events.ts';
import { readLibraryTotals, type Library } from '../library/library.ts';
import { rememberImages } from '../preferences/used-libraries.ts';

/** Remembers the folder of a library once it holds images. Never throws. @returns waits for what is being written; doesn't reject */
export function rememberWithImages(
  preferencesFolder: string,
  { folder, readOnlyFolder, db }: Library,
  { subscribe, log }: { subscribe(listener: (event: StudioEvent) => void): () => void; log: Log },
): () => Promise<void> {
  let written = Promise.resolve();
  const remember = (): void => {
    stop();
    written = rememberImages(preferencesFolder, readOnlyFolder ?? folder).catch((thrown: unknown) => {
      log('It could not be remembered that this library holds images', thrown);
    });
  };
  const stop = subscribe(({ type }) => {
    if (type === 'library') remember();
  });
  try {
    if (readLibraryTotals(db).images > 0) remember();
  } catch (thrown) {
    log('The images of the library could not be counted', thrown);
  }
  return () => written;
}

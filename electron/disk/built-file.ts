import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The file that a thread or process starts with.
 * @param here the caller's folder
 * @param source its TypeScript, relative to `here`
 * @param built its name in the built application: next to the bundle that the caller is in, or one folder above the bundle's chunks
 * @throws Error where there is none
 */
export function findEntry(here: string, source: string, built: string): string {
  const places = [join(here, source), join(here, built), join(here, '..', built)];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`${built} was not found. Build the application again.`);
  return found;
}

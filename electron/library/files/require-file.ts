import { statSync } from 'node:fs';
import { StudioError } from '../../contract/errors/errors.ts';

/**
 * The path of an image's file that must exist.
 * @throws StudioError `file-missing`
 */
export function requireFile(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })) throw fileMissing(path);
  return path;
}

export function fileMissing(path: string, options?: ErrorOptions): StudioError {
  const message = `This image’s file is missing from the library: ${path}. If you have a copy, put it back there.`;
  return new StudioError({ code: 'file-missing', message }, options);
}

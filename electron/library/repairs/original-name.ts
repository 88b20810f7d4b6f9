import { basename, dirname } from 'node:path';
import type { Sha256 } from '../../contract/entities/ids.ts';

/** The hash of an original by its name in the library's folder: `originals/ab/cdef….png`. */
export function sha256OfName(name: string): Sha256 {
  return (basename(dirname(name)) + basename(name).slice(0, 62)) as Sha256;
}

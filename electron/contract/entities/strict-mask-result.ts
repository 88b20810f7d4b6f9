import type { ErrorReport } from '../errors/errors.ts';
import type { Sha256 } from './ids.ts';

/** The result of the strict mask for one image. The original response is always kept. */
export type StrictMaskResult =
  | {
      state: 'done';
      feather: number;
      /** SHA-256 of the masked result, an input of the library (`/images/input/<sha256>`) with the size of the first input. */
      sha256: Sha256;
      width: number;
      height: number;
      /** Whether any pixel is not fully opaque. */
      hasAlpha: boolean;
      /** Pixels outside the mask. */
      outside: number;
      /** Pixels outside the mask that the original response changed. */
      changed: number;
      /** Changed pixels with a visible difference: some channel differs by more than `VISIBLE_DIFFERENCE`. */
      visible: number;
    }
  | { state: 'failed'; feather: number; error: ErrorReport };

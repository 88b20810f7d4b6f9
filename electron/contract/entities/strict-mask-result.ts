import type { ErrorReport } from '../errors/errors.ts';
import type { Sha256 } from './ids.ts';

/** What came of the wish for one image. The raw answer is kept whatever comes of it. */
export type StrictMaskResult =
  | {
      state: 'done';
      feather: number;
      /** The recomposited image: an input of the library (`/images/input/<sha256>`), as large as the first input. */
      sha256: Sha256;
      width: number;
      height: number;
      /** Whether any of its pixels lets something shine through. */
      hasAlpha: boolean;
      /** Pixels outside the mask. */
      outside: number;
      /** Of them, those that the raw answer changed at all. */
      changed: number;
      /** Of those, the ones that an eye can tell: some channel differs by more than `VISIBLE`. */
      visible: number;
    }
  | { state: 'failed'; feather: number; error: ErrorReport };

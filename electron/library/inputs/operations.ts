import type { Framing, InputPreparation, MaskFitting } from '../../contract/entities/input-preparation.ts';
import type { Sha256 } from '../../contract/entities/ids.ts';
import { defineOperation } from '../decoding/operation.ts';
import type { InputFileRow } from './input-files.ts';
import type { InputInspection } from './inspect-input.ts';

/* What a decoding process does with inputs. `from`: an original; `to`: a new file. Only types are imported, as in `pixels/operations.ts`. */

export const INSPECT_INPUT = defineOperation<{ path: string }, InputInspection>({
  name: 'inspect-input',
  seconds: 60,
  lane: 'pixels',
});

export interface PrepareArgs {
  source: InputFileRow;
  options: InputPreparation;
  from: string;
  to: string;
}

/** The changes; null if nothing needs to be done, and then there is no file. */
export const PREPARE_INPUT = defineOperation<PrepareArgs, string[] | null>({
  name: 'prepare-input',
  seconds: 180,
  lane: 'pixels',
});

export interface FrameArgs {
  source: InputFileRow;
  framing: Framing;
  from: string;
  /** Before and after scaling. */
  framed: string;
  scaled: string;
}

/** The changes. */
export const FRAME_INPUT = defineOperation<FrameArgs, string[]>({ name: 'frame-input', seconds: 120, lane: 'pixels' });

export interface FitMaskArgs {
  source: InputFileRow;
  first: InputFileRow;
  reads: MaskFitting['reads'];
  from: string;
  to: string;
}

export const FIT_MASK = defineOperation<FitMaskArgs, { bytes: number; sha256: Sha256; changes: string[] }>({
  name: 'fit-mask',
  seconds: 120,
  lane: 'pixels',
});

import { DecodingPool } from '../../electron/library/decoding/decoding-pool.ts';
import { forkDecoder } from '../../electron/library/decoding/fork-decoder.ts';
import type { Decoding } from '../../electron/library/decoding/operation.ts';

const pool = new DecodingPool(() => forkDecoder());

/** The decoding processes of all libraries of a test file: starting them for each library would take longer than most tests. */
export const sharedDecoding: Decoding = {
  run: (operation, args, options) => pool.run(operation, args, options),
  close: () => undefined,
};

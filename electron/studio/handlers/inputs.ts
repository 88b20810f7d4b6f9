import { describeInputs } from '../../library/describe-inputs.ts';
import { fitMask } from '../../library/fit-mask.ts';
import { frameInput } from '../../library/frame-input.ts';
import { inputFromPicture } from '../../library/input-from-picture.ts';
import { prepareInput } from '../../library/prepare-input.ts';
import type { Group, Rooms } from './rooms.ts';

export function inputHandlers({ library }: Rooms): Group<'inputs'> {
  return {
    'inputs.fromPicture': ({ imageId, raw }) => inputFromPicture(library, imageId, { raw }),
    'inputs.describe': ({ inputs }) => describeInputs(library, inputs),
    'inputs.prepare': (preparation) => prepareInput(library, preparation),
    'inputs.frame': (framing) => frameInput(library, framing),
    'inputs.fitMask': (fitting) => fitMask(library, fitting),
  };
}

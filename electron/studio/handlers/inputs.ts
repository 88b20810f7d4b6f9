import { readInputs } from '../../library/inputs/read-inputs.ts';
import { fitMask } from '../../library/inputs/fit-mask.ts';
import { frameInput } from '../../library/inputs/frame-input.ts';
import { inputFromImage } from '../../library/inputs/input-from-image.ts';
import { prepareInput } from '../../library/inputs/prepare-input.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function inputHandlers({ library }: HandlerContext): HandlerGroup<'inputs'> {
  return {
    'inputs.fromImage': ({ imageId, raw }) => inputFromImage(library, imageId, { raw }),
    'inputs.get': ({ inputs }) => readInputs(library, inputs),
    'inputs.prepare': (preparation) => prepareInput(library, preparation),
    'inputs.frame': (framing) => frameInput(library, framing),
    'inputs.fitMask': (fitting) => fitMask(library, fitting),
  };
}

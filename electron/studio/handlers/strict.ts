import { StudioError } from '../../contract/errors/errors.ts';
import { writeSidecarsOf } from '../../library/sidecars/outdated-sidecars.ts';
import { applyStrictMask } from '../../library/strict/apply-strict-mask.ts';
import { emitImageChanged } from './emit-image-changed.ts';
import type { HandlerGroup, HandlerContext } from './context.ts';

export function strictHandlers({ library, queue, emit, log, ending }: HandlerContext): HandlerGroup<'strict'> {
  return {
    async 'strict.apply'({ imageId, options: { feather } }) {
      const failed = (thrown: unknown): void => log(`${imageId} could not be recomposited`, thrown);
      const image = await applyStrictMask(library, imageId, { feather, signal: ending, failed }).catch(
        (thrown: unknown) => {
          if (!ending.aborted) throw thrown;
          const message = 'Emulsion closed before the strict mask was applied. The original response is unchanged.';
          throw new StudioError({ code: 'interrupted', message }, { cause: thrown });
        },
      );
      emitImageChanged(queue, image, emit);
      await writeSidecarsOf(library, [image.id], (thrown) => log('A record could not name its strict masks', thrown));
      return image;
    },
  };
}

import { StudioError } from '../../contract/errors.ts';
import { writeRecords } from '../../library/sidecars.ts';
import { makeStrict } from '../../library/strict/apply-strict-mask.ts';
import { tellPicture } from './emit-image-changed.ts';
import type { Group, Rooms } from './context.ts';

export function strictHandlers({ library, queue, announce, log, ending }: Rooms): Group<'strict'> {
  return {
    async 'strict.make'({ imageId, wish: { feather } }) {
      const failed = (thrown: unknown): void => log(`${imageId} could not be recomposited`, thrown);
      const picture = await makeStrict(library, imageId, { feather, signal: ending, failed }).catch(
        (thrown: unknown) => {
          if (!ending.aborted) throw thrown;
          const message = 'Emulsion closed before the picture was recomposited. The raw answer is kept as it came.';
          throw new StudioError({ code: 'interrupted', message }, { cause: thrown });
        },
      );
      tellPicture(queue, picture, announce);
      await writeRecords(library, [picture.generationId], (thrown) =>
        log('A record could not name its strict masks', thrown),
      );
      return picture;
    },
  };
}

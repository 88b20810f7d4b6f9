import { StudioError } from '../../electron/contract/errors/errors.ts';
import type { ViewId } from '../../electron/contract/entities/views.ts';

/**
 * The shape of a view: width / height × 4096 of each of its images, by position.
 * @throws StudioError `view-expired`, or `host-lost` if the host can't be reached
 */
export async function fetchShape(viewId: ViewId): Promise<Uint16Array> {
  let response: Response;
  try {
    response = await fetch(`/index/${viewId}/shape`, { cache: 'no-store' });
  } catch (cause) {
    throw new StudioError({ code: 'host-lost', message: 'Emulsion isn’t responding.' }, { cause });
  }
  if (!response.ok) throw new StudioError({ code: 'view-expired', message: 'The library has changed.' });
  return new Uint16Array(await response.arrayBuffer());
}

import { StudioError } from '../../electron/contract/errors/errors.ts';
import type { ViewId } from '../../electron/contract/entities/views.ts';
import { hostHeaders } from './studio.ts';

/**
 * The shape of a view: width ÷ height × 4096 of each image, by position.
 * @throws StudioError `view-expired` or `index-loading`, as `views.rows`; `host-lost` where the host didn't answer; DOMException `AbortError`
 */
export async function fetchShape(viewId: ViewId, signal?: AbortSignal): Promise<Uint16Array<ArrayBuffer>> {
  const response = await request(viewId, signal);
  if (response.ok) return toRatios(await response.arrayBuffer());
  const code = response.status === 410 ? 'view-expired' : response.status === 503 ? 'index-loading' : 'internal';
  throw new StudioError({ code, message: (await response.text()) || 'The library’s images couldn’t be listed.' });
}

async function request(viewId: ViewId, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(`/index/${viewId}/shape`, { headers: hostHeaders(), cache: 'no-store', signal });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    const message = 'Emulsion didn’t answer. Nothing was changed. It may have quit; start it again.';
    throw new StudioError({ code: 'host-lost', message }, { cause });
  }
}

/** The bytes are little endian, whatever the computer is. */
function toRatios(bytes: ArrayBuffer): Uint16Array<ArrayBuffer> {
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) return new Uint16Array(bytes);
  const view = new DataView(bytes);
  return Uint16Array.from({ length: bytes.byteLength / 2 }, (_, position) => view.getUint16(position * 2, true));
}

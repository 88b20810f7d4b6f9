import * as v from 'valibot';
import { ImageIdSchema } from '../../contract/entities/ids.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { displayVariant } from '../../library/images/display-variant.ts';
import type { Library } from '../../library/library.ts';

const PATH = /^\/images\/shown\/([0-9a-f-]{36})$/u;

/** The request for what `/images/shown/<image>` stands for: the original, or a PNG where a browser would show that turned. */
export async function resolveShown(library: Library, request: Request): Promise<Request> {
  const url = new URL(request.url);
  const imageId = v.safeParse(ImageIdSchema, PATH.exec(url.pathname)?.[1]);
  if (!imageId.success) return request;
  const variant = await displayVariant(library, imageId.output).catch((thrown: unknown) => {
    if (thrown instanceof StudioError && thrown.code === 'not-found') return 'original';
    throw thrown;
  });
  url.pathname = `/images/${variant}/${imageId.output}`;
  return new Request(url, { method: request.method, signal: request.signal });
}

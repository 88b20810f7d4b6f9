import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Model } from '../../../electron/contract/catalogue/models.ts';
import { intersect, rectOf, type Rect, type Size } from '../../stage/geometry.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import { sameRect, sizeToSend } from '../frame/framing.ts';

/** The part of an image that is sent. */
export interface Framing {
  image: InputImage;
  /** Null: the whole image. */
  frame: Rect | null;
  size: Size;
  /** The size it is scaled to; undefined: it is not scaled. */
  to: Size | undefined;
}

/** The part of a document that is sent now. A whole image is sent as it is, and so are its mask and its marks. */
export function framingOf({ image, frame, size }: CanvasDocument, model: Model): Framing {
  if (frame === null || sameRect(frame, rectOf(size))) return { image, frame: null, size, to: undefined };
  return { image, frame, size, to: sizeToSend(frame, model) ?? undefined };
}

/** The part of the frame that lies on the image; null: the whole image. */
export function croppedFrame({ frame, size }: CanvasDocument): Rect | null {
  const part = frame && intersect(frame, rectOf(size));
  return part && !sameRect(part, rectOf(size)) ? part : null;
}

/** Cuts and scales an image for sending. It keeps its link to the library's image. */
export async function frameImage(studio: StudioApi, { image, frame, to }: Framing): Promise<InputImage> {
  if (frame === null) return image;
  const framed = await studio.inputs.frame({ sha256: image.sha256, ...frame, ...(to && { to }) });
  return { ...framed, image: image.image };
}

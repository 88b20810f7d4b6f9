/**
 * Browsers lay out elements up to about 33 million device pixels (Chromium: 2²⁵), and compute with fewer digits long before that. Content
 * that is taller scrolls on a shorter plane: the first and last quarter of the plane scroll pixel by pixel, so that both ends are reached
 * exactly, and the middle is compressed.
 */
const MAX_PLANE = 2_000_000;
/** Device pixels that are safe in every engine. */
const MAX_DEVICE_PIXELS = 16_000_000;

/** How scroll offsets of the plane and of the content belong together. All values in CSS px. */
export interface ScrollScale {
  /** Height of the scrolled element. */
  plane: number;
  /** Largest scroll offset of the plane. */
  planeEnd: number;
  /** Largest scroll offset of the content. */
  contentEnd: number;
  /** Offsets at each end that are scrolled pixel by pixel; null if all of them are. */
  edge: number | null;
}

/** @param density device pixels in a CSS px */
export function scrollScale(content: number, view: number, density: number): ScrollScale {
  const limit = Math.max(view * 8, Math.min(MAX_PLANE, MAX_DEVICE_PIXELS / Math.max(1, density)));
  const plane = Math.min(content, limit);
  const planeEnd = Math.max(0, plane - view);
  const contentEnd = Math.max(0, content - view);
  return { plane, planeEnd, contentEnd, edge: plane === content ? null : Math.floor(planeEnd / 4) };
}

/** The content's offset at an offset of the plane. */
export function toContent({ planeEnd, contentEnd, edge }: ScrollScale, offset: number): number {
  const at = Math.min(planeEnd, Math.max(0, offset));
  if (edge === null || at <= edge) return at;
  if (at >= planeEnd - edge) return contentEnd - (planeEnd - at);
  return edge + ((at - edge) * (contentEnd - 2 * edge)) / (planeEnd - 2 * edge);
}

/** The plane's offset at an offset of the content. */
export function toPlane({ planeEnd, contentEnd, edge }: ScrollScale, offset: number): number {
  const at = Math.min(contentEnd, Math.max(0, offset));
  if (edge === null || at <= edge) return at;
  if (at >= contentEnd - edge) return planeEnd - (contentEnd - at);
  return edge + ((at - edge) * (planeEnd - 2 * edge)) / (contentEnd - 2 * edge);
}

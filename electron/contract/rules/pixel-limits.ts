/** Largest input in pixels. Cameras produce up to a hundred million; what a model uses is smaller. */
export const MAX_INPUT_PIXELS = 100_000_000;

/** Longest edge of a rendered SVG in pixels: at least `min`, or its own size up to `max`. */
const RENDERED_SVG_EDGE = { min: 2048, max: 4096 } as const;

/** Longest edge in pixels at which an SVG is rendered. @param longest its own */
export const renderedSvgEdge = (longest: number): number =>
  Math.min(RENDERED_SVG_EDGE.max, Math.max(RENDERED_SVG_EDGE.min, longest));

/**
 * Largest image that is decoded whole, in pixels: a received image, and the first image of a strict mask, which is held in memory together
 * with the response. The API's largest image has 8.3 million.
 */
export const MAX_DECODED_PIXELS = 36_000_000;

/** Largest input in pixels. Cameras produce up to a hundred million; what a model uses is smaller. */
export const MAX_INPUT_PIXELS = 100_000_000;

/**
 * Largest image that is decoded whole, in pixels: a received image, and the first image of a strict mask, which is held in memory together
 * with the response. The API's largest image has 8.3 million.
 */
export const MAX_DECODED_PIXELS = 36_000_000;

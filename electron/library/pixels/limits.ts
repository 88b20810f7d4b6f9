/** The largest image that is decoded, in pixels. The API's largest image has 8.3 million. */
export const MAX_PIXELS = 36_000_000;

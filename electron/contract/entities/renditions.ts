/** Longest edge, in pixels, of the reduced copies of each image, by their names in image URLs. */
export const RENDITIONS = { thumbnail: 256, preview: 512 } as const;

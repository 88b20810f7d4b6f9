/** The longest edges, in pixels, of the small copies that the library keeps of each image, by their names in image URLs. */
export const RENDITIONS = { thumbnail: 256, preview: 512 } as const;

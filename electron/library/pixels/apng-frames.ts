import { readHeadChunks } from './colour/png-chunks.ts';

/** How many frames a PNG's animation has (PNG Third Edition, 11.3.6); 1 for a still image. libvips reads the first. */
export async function readApngFrames(path: string): Promise<number> {
  const control = (await readHeadChunks(path, new Set(['acTL']))).get('acTL');
  return control && control.length >= 4 ? Math.max(1, control.readUInt32BE(0)) : 1;
}

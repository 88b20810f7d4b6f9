import type { Camera } from '../stage/camera.ts';
import type { Size } from '../stage/geometry.ts';

/** The camera that shows the same part of another image, as large on the screen; for images of the same size the same camera. */
export function keepCamera({ scale, centre }: Camera, from: Size, to: Size): Camera {
  const [across, down] = [to.width / Math.max(1, from.width), to.height / Math.max(1, from.height)];
  return { scale: scale / across, centre: { x: centre.x * across, y: centre.y * down } };
}

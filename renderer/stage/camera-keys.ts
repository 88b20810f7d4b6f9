import type { StageCamera } from './StageCamera.svelte.ts';

/** Zooms for `0` (fit), `1` (100 %), `+`, `=` and `-`. Returns whether the key was one of them. */
export function handleCameraKey(camera: StageCamera, key: string): boolean {
  if (key === '0') camera.fit();
  else if (key === '1') camera.zoomTo(1);
  else if (key === '+' || key === '=') camera.zoom(1);
  else if (key === '-') camera.zoom(-1);
  else return false;
  return true;
}

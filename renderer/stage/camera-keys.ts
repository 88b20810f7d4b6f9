import { keysOf, type KeyPress } from '../shared/keyboard/shortcut-keys.ts';
import type { StageCamera } from './StageCamera.svelte.ts';

const CAMERA_KEYS = ['0', '1', '+', '=', '-'] as const;

/** `0` (fit), `1` (100 %), `+`, `=` or `-`; null for another key. */
export function cameraKeyOf(event: KeyPress): (typeof CAMERA_KEYS)[number] | null {
  const keys = keysOf(event);
  return CAMERA_KEYS.find((name) => keys[0] === name) ?? CAMERA_KEYS.find((name) => keys[1] === name) ?? null;
}

/** Zooms for `+`, `=` or `-`, where digits rate. Returns whether the key was one of them. */
export function handleZoomKey(camera: StageCamera, event: KeyPress): boolean {
  const key = cameraKeyOf(event);
  return key !== null && key !== '0' && key !== '1' && handleCameraKey(camera, event);
}

/** Zooms for a camera key. Returns whether the key was one of them. */
export function handleCameraKey(camera: StageCamera, event: KeyPress): boolean {
  const key = cameraKeyOf(event);
  if (key === '0') camera.fit();
  else if (key === '1') camera.zoomTo(1);
  else if (key === '+' || key === '=') camera.zoom(1);
  else if (key === '-') camera.zoom(-1);
  else return false;
  return true;
}

import type { OutputFormat } from '../../contract/catalogue/parameters.ts';
import { formatLabel } from '../../contract/rules/parameter-rules.ts';

/** In pixels. */
export interface Size {
  width: number;
  height: number;
}

export function formatSize({ width, height }: Size): string {
  return `${width} × ${height}`;
}

/** `2.1 MB`, `340 KB`: 1,000 bytes are a KB, as elsewhere on screen and in file managers. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function rotationMessage(orientation: number): string | null {
  return orientation > 1 ? 'Rotated upright.' : null;
}

export function scaleMessage(from: Size, to: Size): string | null {
  return from.width === to.width && from.height === to.height
    ? null
    : `Scaled from ${formatSize(from)} to ${formatSize(to)}.`;
}

export function saveMessage(format: OutputFormat, now: number, before: number): string {
  return `Saved as ${formatLabel(format)}, ${formatBytes(now)} instead of ${formatBytes(before)}.`;
}

import type { OutputFormat } from '../contract/parameters.ts';
import { formatWord } from '../contract/rules.ts';

/** A size in pixels. */
export interface Size {
  width: number;
  height: number;
}

export function sizeWords({ width, height }: Size): string {
  return `${width} × ${height}`;
}

/** `2.1 MB`, `340 KB`: as file managers count, by thousands of 1,024. */
export function byteWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  const [amount, unit] = bytes < 1024 * 1024 ? [bytes / 1024, 'KB'] : [bytes / 1024 / 1024, 'MB'];
  return `${amount < 10 ? Math.round(amount * 10) / 10 : Math.round(amount)} ${unit}`;
}

export function turnedWords(orientation: number): string | null {
  return orientation > 1 ? 'Turned upright.' : null;
}

export function scaledWords(from: Size, to: Size): string | null {
  return from.width === to.width && from.height === to.height
    ? null
    : `Scaled from ${sizeWords(from)} to ${sizeWords(to)}.`;
}

export function savedWords(format: OutputFormat, now: number, before: number): string {
  return `Saved as ${formatWord(format)}, ${byteWords(now)} instead of ${byteWords(before)}.`;
}

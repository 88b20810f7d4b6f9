import type { Input } from '../../../electron/contract/entities.ts';
import { INPUT_ROLES } from '../../../electron/contract/entities.ts';

const KEY = 'emulsion.tray';
const SHA256 = /^[0-9a-f]{64}$/u;
const UUID = /^[0-9a-f-]{36}$/u;

/** What the tray held when it was changed last: this tab's, or else the one that all share. What cannot be read is nothing. */
export function keptTray(storages: readonly Storage[]): Input[] {
  try {
    const text = storages.map((storage) => storage.getItem(KEY)).find((kept) => kept !== null);
    const stored: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(stored) ? stored.filter(isInput).slice(0, 64) : [];
  } catch {
    return [];
  }
}

export function keepTray(storages: readonly Storage[], inputs: readonly Input[]): void {
  const text = JSON.stringify(inputs);
  for (const storage of storages) {
    try {
      storage.setItem(KEY, text);
    } catch {
      // Storage is full or switched off: the tray then lives as long as the page.
    }
  }
}

function isInput(value: unknown): value is Input {
  if (typeof value !== 'object' || value === null) return false;
  const { role, sha256, image } = value as Record<string, unknown>;
  if (!(INPUT_ROLES as readonly unknown[]).includes(role)) return false;
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return false;
  return image === null || (typeof image === 'string' && UUID.test(image));
}

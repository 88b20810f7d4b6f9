/** Fields that say how a record is written, not what is known. */
const OF_THE_FORMAT: ReadonlySet<string> = new Set(['version', 'epoch']);

/**
 * Whether a record says everything that an earlier one says: it has the same values, and perhaps fields that the earlier one lacks. An empty
 * value says something too, such as that an image isn't in the trash.
 * @param text JSON
 * @param earlier false if it isn't JSON
 */
export function saysAll(text: string, earlier: string): boolean {
  if (text === earlier) return true;
  try {
    return covers(JSON.parse(text), JSON.parse(earlier));
  } catch {
    return false;
  }
}

function covers(value: unknown, earlier: unknown): boolean {
  if (typeof earlier !== 'object' || earlier === null) return value === earlier;
  if (typeof value !== 'object' || value === null || Array.isArray(value) !== Array.isArray(earlier)) return false;
  if (Array.isArray(earlier) && earlier.length !== (value as unknown[]).length) return false;
  const fields = new Map(Object.entries(value));
  return Object.entries(earlier).every(([name, each]) => OF_THE_FORMAT.has(name) || covers(fields.get(name), each));
}

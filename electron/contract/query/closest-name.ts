/** @returns the candidate that differs from a typed name by at most two letters (one for short names); null where none does */
export function closestName(typed: string, candidates: readonly string[]): string | null {
  const name = typed.toLowerCase();
  let best: string | null = null;
  let least = name.length <= 3 ? 1 : 2;
  for (const candidate of candidates) {
    if (candidate.startsWith(name) && name.length >= 2) return candidate;
    const distance = editDistance(name, candidate);
    if (distance < least || (distance === least && best === null)) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Number of letters to insert, remove or replace to get from one word to the other. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

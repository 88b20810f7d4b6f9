const MAX_LENGTH = 48;

/** A name for a prompt until the person enters one: its first words. */
export function nameFor(text: string): string {
  const words = text.trim().split(/\s+/u);
  let name = words[0]?.slice(0, MAX_LENGTH) ?? '';
  for (const word of words.slice(1)) {
    if (name.length + 1 + word.length > MAX_LENGTH) break;
    name += ` ${word}`;
  }
  return name.replace(/[\s,;:.–—-]+$/u, '');
}

/** The tags of a typed list: separated by commas, each once. */
export function tagsFrom(list: string): string[] {
  const tags = list.split(',').map((tag) => tag.trim().slice(0, 120));
  return [...new Map(tags.filter(Boolean).map((tag) => [tag.toLowerCase(), tag])).values()].slice(0, 50);
}

/** Whether a text looks like a changed version of another: at least half of their words are the same. */
export function resembles(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []));
  if (!a || !b || a.size === 0 || b.size === 0) return false;
  const common = [...a].filter((word) => b.has(word)).length;
  return common * 2 >= Math.max(a.size, b.size);
}

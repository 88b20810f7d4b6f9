import type { SavedPrompt } from '../../electron/contract/entities/saved-prompts.ts';

const DIACRITICS = /\p{Diacritic}/gu;

function fold(text: string): string {
  return text.normalize('NFKD').replace(DIACRITICS, '').toLowerCase();
}

/** The prompts that have a tag, and every word of a search in their name, tags or text. */
export function filterPrompts(
  prompts: readonly SavedPrompt[],
  search: string,
  tag: string | null,
): readonly SavedPrompt[] {
  const words = fold(search).split(/\s+/u).filter(Boolean);
  if (words.length === 0 && tag === null) return prompts;
  const wanted = tag?.toLowerCase();
  return prompts.filter((prompt) => {
    if (wanted !== undefined && !prompt.tags.some((own) => own.toLowerCase() === wanted)) return false;
    const text = fold([prompt.name, ...prompt.tags, prompt.text].join('\n'));
    return words.every((word) => text.includes(word));
  });
}

const MAX_TAGS = 50;

/** The tags of saved prompts, most used first, then by name. */
export function tagsOf(prompts: readonly SavedPrompt[]): string[] {
  const counts = new Map<string, { tag: string; count: number }>();
  for (const tag of prompts.flatMap(({ tags }) => tags)) {
    const key = tag.toLowerCase();
    counts.set(key, { tag: counts.get(key)?.tag ?? tag, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()]
    .sort((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
    .slice(0, MAX_TAGS)
    .map(({ tag }) => tag);
}

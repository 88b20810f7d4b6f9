const MAX_NAMED = 3;

/** What is said of variables that aren't filled in, before the prompt is sent. */
export function unfilledSentence(names: readonly string[]): string {
  const named = names.slice(0, MAX_NAMED).map((name) => `{${name}}`);
  const more = names.length - named.length;
  const list = more > 0 ? [...named, `${more} more`] : named;
  const words = list.length > 1 ? `${list.slice(0, -1).join(', ')} and ${list.at(-1) ?? ''}` : list.join('');
  return names.length > 1
    ? `${words} aren’t filled in and are sent as written.`
    : `${words} isn’t filled in and is sent as written.`;
}

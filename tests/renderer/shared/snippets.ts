import { createRawSnippet, type Snippet } from 'svelte';

/** A snippet that says one thing, for parts that take their content so. */
export function words(text: string): Snippet {
  return createRawSnippet(() => ({ render: () => `<span>${text}</span>` }));
}

import type { CommandId } from './commands.ts';

/** The image menu's commands, in groups between lines. Ratings are in a menu of their own. */
export const MENU_GROUPS: readonly (readonly (CommandId | 'ratings')[])[] = [
  ['open', 'canvas', 'compare', 'survey', 'cull', 'show-family'],
  ['ratings', 'favourite', 'reject'],
  ['collect', 'collect-in', 'uncollect', 'collection-cover', 'tag', 'note', 'cover'],
  ['reuse', 'use-prompt', 'save-prompt', 'variation', 'retry', 'copy-prompt'],
  ['similar', 'near', 'same-prompt', 'show-job', 'show-stack'],
  ['download', 'export', 'reveal', 'restore'],
  ['trash', 'delete'],
];

export const RATINGS: readonly CommandId[] = ['rate-5', 'rate-4', 'rate-3', 'rate-2', 'rate-1', 'rate-0'];

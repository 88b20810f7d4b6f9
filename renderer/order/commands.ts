import type { EndpointName } from '../../electron/contract/endpoints.ts';
import type { Rating } from '../../electron/contract/entities/annotations.ts';
import { keysOf } from '../shared/keyboard/shortcut-keys.ts';

/** Everything that keys, menus and the selection bar do to images. */
export type CommandId =
  | 'open'
  | `rate-${Rating}`
  | 'favourite'
  | 'reject'
  | 'tag'
  | 'collect'
  | 'collect-in'
  | 'note'
  | 'cover'
  | 'compare'
  | 'survey'
  | 'cull'
  | 'canvas'
  | 'reuse'
  | 'use-prompt'
  | 'save-prompt'
  | 'copy-prompt'
  | 'variation'
  | 'retry'
  | 'similar'
  | 'near'
  | 'same-prompt'
  | 'show-job'
  | 'show-stack'
  | 'show-family'
  | 'collection-cover'
  | 'uncollect'
  | 'download'
  | 'export'
  | 'reveal'
  | 'trash'
  | 'restore'
  | 'delete';

export interface Command {
  id: CommandId;
  /** Words of the menu. */
  label: string;
  /** Names of the key as `keysOf` gives them, and modifiers; absent: no key. */
  key?: { names: readonly string[]; mod?: boolean; shift?: boolean };
  /** The key as it is shown, for `shortcut()`. */
  shown?: string;
  /** Where its images have to be. */
  place: 'library' | 'trash' | 'both';
  /** The call that it can't do without, where a library may refuse it. */
  calls?: EndpointName;
  /** How many images it takes. */
  least: number;
  most: number;
}

const ANY = Number.MAX_SAFE_INTEGER;
/** More images beside each other are too small to compare. */
export const MAX_SURVEYED = 16;

type Rest = Partial<Pick<Command, 'key' | 'shown' | 'place' | 'calls' | 'least' | 'most'>>;

function command(id: CommandId, label: string, rest: Rest = {}): Command {
  return { id, label, place: 'library', least: 1, most: ANY, ...rest };
}

const one = { most: 1 };
const change = { calls: 'changes.apply' } as const;
const input = { calls: 'inputs.fromImage' } as const;
/** A key without modifiers. */
const key = (name: string, shown: string = name.toUpperCase()): Rest => ({ key: { names: [name] }, shown });

/** In the order of the menu. */
export const COMMANDS: readonly Command[] = [
  command('open', 'Open', { ...one, ...key('Enter', 'Enter'), place: 'both' }),
  command('canvas', 'Edit in Canvas', { ...one, ...input, ...key('e') }),
  command('cull', 'Cull', { ...change, ...key('k') }),
  // V compares two: `ImageActions.shownKey`.
  command('compare', 'Compare', { least: 2, most: 2 }),
  command('survey', 'Survey', { least: 2, most: MAX_SURVEYED, ...key('v') }),
  command('rate-0', 'Unrated', { ...change, ...key('0') }),
  command('rate-1', '1 star', { ...change, ...key('1') }),
  command('rate-2', '2 stars', { ...change, ...key('2') }),
  command('rate-3', '3 stars', { ...change, ...key('3') }),
  command('rate-4', '4 stars', { ...change, ...key('4') }),
  command('rate-5', '5 stars', { ...change, ...key('5') }),
  command('favourite', 'Favourite', { ...change, ...key('f') }),
  command('reject', 'Reject', { ...change, ...key('x') }),
  command('tag', 'Tags…', { ...change, ...key('t') }),
  command('collect', 'Add to collection', { ...change, ...key('c') }),
  command('collect-in', 'Collections…', { ...change, key: { names: ['c'], shift: true }, shown: 'Shift C' }),
  command('note', 'Note…', { ...change, ...key('n') }),
  command('cover', 'Use as stack cover', { ...one, ...change, ...key('g') }),
  command('collection-cover', 'Use as collection cover', { ...one, calls: 'collections.change' }),
  command('uncollect', 'Remove from collection', change),
  command('reuse', 'Reuse in Create', { ...one, key: { names: ['r'], mod: true }, shown: 'Mod R' }),
  command('use-prompt', 'Use prompt', one),
  command('save-prompt', 'Save prompt…', { ...one, calls: 'prompts.save' }),
  command('copy-prompt', 'Copy prompt', { ...one, place: 'both' }),
  command('variation', 'Variation in Create', {
    ...one,
    ...input,
    key: { names: ['v'], shift: true },
    shown: 'Shift V',
  }),
  command('retry', 'Retry…', { ...one, calls: 'jobs.create' }),
  command('similar', 'Find similar', one),
  command('near', 'Find near duplicates', one),
  command('same-prompt', 'Find same prompt', one),
  command('show-job', 'Show job', one),
  command('show-stack', 'Show stack', one),
  command('show-family', 'Show family', one),
  command('download', 'Download', { most: 20, place: 'both' }),
  command('export', 'Export…', {
    key: { names: ['e'], mod: true, shift: true },
    shown: 'Mod Shift E',
    place: 'both',
  }),
  command('reveal', 'Show in folder', { ...one, place: 'both' }),
  command('trash', 'Move to trash', { ...change, key: { names: ['Delete', 'Backspace'] }, shown: 'Del' }),
  command('restore', 'Restore', { ...change, place: 'trash', ...key('r') }),
  command('delete', 'Delete for good…', {
    ...change,
    place: 'trash',
    key: { names: ['Delete', 'Backspace'] },
    shown: 'Del',
  }),
];

const BY_ID = new Map(COMMANDS.map((each) => [each.id, each]));

/** @throws Error for an id that isn't in the table, which the types exclude */
export function commandOf(id: CommandId): Command {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`No command ${id}`);
  return found;
}

export function ratingOf(id: CommandId): Rating | null {
  const digit = /^rate-([0-5])$/u.exec(id)?.[1];
  return digit === undefined ? null : (Number(digit) as Rating);
}

type CommandKey = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & Partial<KeyboardEvent>;

/** The command of a key event in a place; null for none. */
export function commandForKey(event: CommandKey, place: 'library' | 'trash'): CommandId | null {
  if (event.altKey || event.getModifierState?.('AltGraph')) return null;
  const mod = event.ctrlKey || event.metaKey;
  const pressed = keysOf(event);
  const found = COMMANDS.find(
    (each) =>
      each.key !== undefined &&
      (each.place === place || each.place === 'both') &&
      (each.key.mod ?? false) === mod &&
      (each.key.shift ?? false) === event.shiftKey &&
      each.key.names.some((name) => pressed.includes(name)),
  );
  return found?.id ?? null;
}

/** Whether a command takes that many images in a place. */
export function takes({ place, least, most }: Command, images: number, where: 'library' | 'trash'): boolean {
  return (place === 'both' || place === where) && images >= least && images <= most;
}

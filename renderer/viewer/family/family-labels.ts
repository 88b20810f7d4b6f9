import type { Family, FamilyLink, FamilyMember } from '../../../electron/contract/entities/views.ts';
import { formatQuantity } from '../../shared/format/counts.ts';
import { diffWords } from '../../shared/format/text-diff.ts';
import { formatTimeOfDay } from '../../shared/format/time.ts';
import { shortenPrompt } from '../../state/prompt-names.ts';
import { changedLines, requestLines, type RequestChange } from '../../state/request-lines.ts';

/** What changed along an edge, in a few words. `words`: words of the prompt, drawn in the accent. */
export interface FamilyChange {
  text: string;
  words: boolean;
}

/** Longest change, characters. */
const MAX_CHANGE_LENGTH = 28;

/** A member's name: the new words of its prompt. */
export function nameOf({ image, request }: FamilyMember, source: FamilyMember | null): string {
  return request?.variation ? 'Variation' : shortenPrompt(image.prompt, source?.image.prompt ?? '');
}

/** What a request changed: words of the prompt, or a parameter, or only what it did. For a root how and when it was made. */
export function changeAlong(link: FamilyLink | null, source: FamilyMember | null, member: FamilyMember): FamilyChange {
  if (link === null || source === null)
    return plain(`${operationLabel(member)} · ${formatTimeOfDay(member.image.createdAt)}`);
  if (link.kind === 'repeat') return plain(`Same request, ${member.image.model}`);
  if (member.request?.variation) return plain('Variation');
  const words = changedWords(source.image.prompt, member.image.prompt);
  if (words !== null && words !== '') return { text: words, words: true };
  const changes = memberChanges(source, member).filter(({ label }) => label !== 'Mask' && label !== 'Markup');
  const [change] = changes;
  // An edit whose prompt says something else: what it did says more than its first parameter.
  if (words === null || !change) return plain(operationLabel(member));
  return plain(`${change.label} ${change.before || 'not sent'} → ${change.after}`);
}

/** "+ dusk, dim wall"; '' for the same prompt, null where a prompt isn't a changed one but another. */
function changedWords(before: string, after: string): string | null {
  if (before.trim() === after.trim()) return '';
  const pieces = diffWords(before, after);
  if (pieces === null) return null;
  const of = (kind: string): string[] =>
    pieces.filter((piece) => piece.kind === kind).flatMap(({ text }) => text.match(/\S+/gu) ?? []);
  const [same, added, removed] = [of('same'), of('added'), of('removed')];
  if (same.length * 2 < same.length + removed.length) return null;
  // A word that has only another mark behind it isn't new.
  const without = (words: readonly string[], others: readonly string[]): string[] => {
    const known = new Set(others.map(bare));
    return words.filter((word) => !known.has(bare(word)));
  };
  const [fresh, gone] = [without(added, removed), without(removed, added)];
  if (fresh.length + gone.length === 0) return '';
  const [sign, words] = fresh.length > 0 ? ['+', fresh] : ['−', gone];
  return `${sign} ${cut(words.join(' ').replace(/[\s.,;:]+$/u, ''))}`;
}

const bare = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

function cut(text: string): string {
  return text.length > MAX_CHANGE_LENGTH ? `${text.slice(0, MAX_CHANGE_LENGTH - 1).trimEnd()}…` : text;
}

/** What a request did: "Edit, mask"; or that there was none. */
export function operationLabel({ request }: FamilyMember): string {
  if (request === null) return 'Imported';
  if (request.variation) return 'Variation';
  if (request.operation === 'create') return 'Create';
  if (request.mask) return 'Edit, mask';
  if (request.markup) return 'Edit, markup';
  return request.references > 1 ? `Edit, ${request.references} images` : 'Edit';
}

/** All parameters that differ between two members. */
export function memberChanges(before: FamilyMember | null, after: FamilyMember): RequestChange[] {
  return changedLines(before ? linesOf(before) : new Map(), linesOf(after));
}

function linesOf({ request }: FamilyMember): Map<string, string> {
  if (request === null) return new Map();
  const { parameters, references, mask, markup } = request;
  return requestLines(parameters, { references: Math.max(0, references - 1), mask, markup });
}

/** "7 images", "300 of more than 1,000 images". */
export function familySummary({ members, more, unfinished }: Family): string {
  if (more === 0 && !unfinished) return formatQuantity(members.length, 'image');
  return `${members.length} of ${unfinished ? 'more than ' : ''}${formatQuantity(members.length + more, 'image')}`;
}

const plain = (text: string): FamilyChange => ({ text, words: false });

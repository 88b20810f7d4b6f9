import type { FamilyLink } from '../../../electron/contract/entities/views.ts';
import { formatQuantity } from '../../shared/format/counts.ts';
import { nameOf, operationLabel } from './family-labels.ts';
import type { FamilyNode, MemberNode } from './family-tree.ts';

/** How an image was made from another, as a sentence's part. */
const KINDS: Record<FamilyLink['kind'], string> = {
  input: 'made from',
  repeat: 'same request as',
  draft: 'made on the canvas from',
};

/** A node's accessible name: the image, what changed, and what it was made from. */
export function nodeLabel(node: FamilyNode, current: boolean): string {
  if (node.kind === 'fold') return `Show ${formatQuantity(node.hidden, 'more image')}`;
  const { link, source, change, member, others } = node;
  const spoken = change.text.replace(/^\+ /u, 'added ').replace(/^− /u, 'removed ').replaceAll('→', 'to');
  return [
    node.number === null ? node.name : `${node.name}, image ${node.number}`,
    link && source ? `${KINDS[link.kind]} ${nameOf(source, null)}` : null,
    spoken,
    others > 0 ? `and from ${formatQuantity(others, 'other image')}` : null,
    member.trashed ? 'in the trash' : null,
    current ? 'this image' : null,
  ]
    .filter((part) => part !== null && part !== '')
    .join(', ');
}

/** A line of the card: how it was made, and from what else. */
export function linkNote({ link, member, others }: MemberNode): string {
  const how =
    link?.kind === 'repeat'
      ? 'Same request with another model'
      : link?.kind === 'draft'
        ? 'From the canvas'
        : operationLabel(member);
  return [
    how,
    others > 0 ? `also made from ${formatQuantity(others, 'other image')}` : null,
    member.trashed ? 'in the trash' : null,
  ]
    .filter((part) => part !== null)
    .join(', ');
}

import { retryLabel } from '../progress/retry-label.ts';
import { commandOf, type CommandId } from '../order/commands.ts';
import type { ImageActions } from '../order/ImageActions.svelte.ts';
import type { MenuItem } from '../shared/controls/menu-item.ts';

/** Of *More actions*: what the record panel and the context menu of the image have less room for. */
const GROUPS: readonly (readonly CommandId[])[] = [
  ['variation', 'use-prompt', 'reuse', 'retry'],
  ['same-prompt', 'similar', 'near', 'show-job'],
  ['tag', 'collect-in', 'note', 'copy-prompt', 'reveal', 'download', 'export'],
  ['trash', 'restore', 'delete'],
];

/** The entries of *More actions*. `recreate`: runs the request again with another model; the last of the first group. */
export function viewerMenu(actions: ImageActions, recreate: Pick<MenuItem, 'run' | 'disabled' | 'reason'>): MenuItem[] {
  const groups = GROUPS.map((group) => group.filter((id) => actions.offers(id)).map((id) => itemOf(actions, id)));
  groups[0]?.push({ label: 'Recreate…', ...recreate });
  return groups.flatMap((group, index) => group.map((item, at) => ({ ...item, apart: index > 0 && at === 0 })));
}

function itemOf(actions: ImageActions, id: CommandId): MenuItem {
  const { failedJob } = actions;
  const reason = actions.whyNot(id);
  return {
    label: id === 'retry' && failedJob ? `${retryLabel(failedJob)}…` : commandOf(id).label,
    run: () => void actions.run(id),
    ...(reason !== null && { disabled: true, reason }),
    danger: id === 'trash' || id === 'delete',
  };
}

import type { HostInfo } from '../../../electron/contract/entities/host.ts';
import { formatMicros } from '../../shared/format/money.ts';
import { renditionUrl } from '../../state/image-urls.ts';
import { NODE } from '../../shared/layout/tree-layout.ts';
import type { StepNode, StepsTree } from './steps-tree.ts';
import { formatQuantity } from '../../shared/format/counts.ts';

/** Shown in place of the cost. */
const STATES: Partial<Record<StepNode['state'], string>> = {
  waiting: 'queued',
  running: 'generating',
  failed: 'failed',
  interrupted: 'interrupted',
  cancelled: 'stopped',
};

/** The cost or the state of a node; '' if neither is known. */
export function stepHint({ state, cost }: StepNode): string {
  return STATES[state] ?? (cost === null ? '' : formatMicros(cost));
}

/** A node's accessible name. */
export function stepLabel(node: StepNode, current: boolean): string {
  return [node.name, node.change, stepHint(node), current && 'on the stage'].filter(Boolean).join(', ');
}

/** "5 images, 2 branches". */
export function treeSummary({ images, rows }: StepsTree): string {
  const words = formatQuantity(images, 'image');
  return rows > 1 ? `${words}, ${formatQuantity(rows, 'branch', 'branches')}` : words;
}

/** URL of a node's thumbnail; of a running one the newest partial image. */
export function stepThumb({ root, image, frame }: StepNode, host: HostInfo): string | null {
  if (root) return `${host.imageBase}/input-thumbnail/${root.sha256}`;
  if (image) return renditionUrl(image, NODE.height, host);
  const partial = frame?.partials.at(-1);
  return partial ? `${host.imageBase}/partial/${partial.generationId}/${partial.index}` : null;
}

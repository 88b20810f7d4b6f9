import type { ToolName } from '../tools/tool.ts';
import type { Mark } from '../document/mark.ts';

/** The kinds of marks; each has a tool of the same name. */
export const MARK_KINDS = ['pen', 'arrow', 'box', 'circle', 'text'] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

export type MarkOf<K extends MarkKind> = Extract<Mark, { kind: K }>;

/** The markup tools. */
export type MarkupToolName = MarkKind | 'select';

export function isMarkupToolName(name: ToolName): name is MarkupToolName {
  return name === 'select' || MARK_KINDS.some((kind) => kind === name);
}

export const KIND_LABELS: Readonly<Record<MarkKind, string>> = {
  pen: 'Line',
  arrow: 'Arrow',
  box: 'Box',
  circle: 'Circle',
  text: 'Text',
};

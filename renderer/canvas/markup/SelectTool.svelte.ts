import type { Point } from '../../stage/geometry.ts';
import type { ToolContext, ToolPointer } from '../tools/tool.ts';
import { markAt } from './hit-test.ts';
import { moveMark } from './mark-bounds.ts';
import { MarkupTool } from './MarkupTool.svelte.ts';
import { isKey, lookUpKey } from '../../shared/keyboard/shortcut-keys.ts';

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** Selects, moves and resizes marks. */
export class SelectTool extends MarkupTool {
  constructor(context: ToolContext) {
    super('select', context);
  }

  protected begin({ point, type, clicks }: ToolPointer): void {
    const { editor } = this;
    const mark = editor.hidden ? null : markAt(editor.document.marks, point, this.reach(type));
    editor.choose(mark);
    if (mark?.kind === 'text' && clicks === 2) editor.write(mark);
    else if (mark) this.drag({ mark, handle: null, from: point });
  }

  /** Tab selects the next mark, arrow keys move it (Shift: ten times as far), Enter edits a text. */
  override key(event: KeyboardEvent): boolean {
    if (super.key(event)) return true;
    if (event.ctrlKey || event.metaKey || event.altKey || this.busy) return false;
    const { editor } = this;
    if (isKey(event, 'Tab')) return this.#walk(event.shiftKey ? -1 : 1);
    const { chosen } = editor;
    const arrow = lookUpKey(ARROWS, event);
    if (chosen && arrow) {
      const times = event.shiftKey ? 10 : 1;
      editor.change(chosen, moveMark(chosen, { x: arrow.x * times, y: arrow.y * times }), 'Move', 'nudge');
      return true;
    }
    if (!isKey(event, 'Enter') || chosen?.kind !== 'text') return false;
    editor.write(chosen);
    return true;
  }

  /** After the last mark, Tab leaves the stage. */
  #walk(by: 1 | -1): boolean {
    const mark = this.editor.walk(by);
    if (mark) this.context.announce(this.editor.nameOf(mark));
    return mark !== null;
  }
}

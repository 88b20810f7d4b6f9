import type { Point } from '../../stage/geometry.ts';
import { near } from '../geometry/points.ts';
import type { Tool, ToolContext, ToolPointer } from '../tools/tool.ts';
import { moveMark } from './mark-bounds.ts';
import { dragHandle, handlesOf, type MarkHandle } from './mark-handles.ts';
import { isMarkupToolName, type MarkupToolName } from './mark-kinds.ts';
import type { Mark } from '../document/mark.ts';
import { markupEditorOf, type MarkupEditor } from './MarkupEditor.svelte.ts';
import { isKey } from '../../shared/keyboard/shortcut-keys.ts';

/** Hit radius for marks and handles, CSS pixels. */
const REACH = { mouse: 8, pen: 8, keyboard: 8, touch: 18 } as const;

/** A drag of a mark, or of one of its handles. */
interface Drag {
  mark: Mark;
  handle: MarkHandle | null;
  from: Point;
}

/** Base of the markup tools: the selected mark can be resized, duplicated and deleted. */
export abstract class MarkupTool implements Tool {
  readonly name: MarkupToolName;
  readonly preview = null;
  readonly context: ToolContext;
  #drag = $state.raw<Drag | null>(null);

  constructor(name: MarkupToolName, context: ToolContext) {
    this.name = name;
    this.context = context;
  }

  get editor(): MarkupEditor {
    return markupEditorOf(this.context.document);
  }

  get busy(): boolean {
    return this.#drag !== null;
  }

  /** A press on a handle of the selected mark resizes it; other presses go to the tool. */
  down(pointer: ToolPointer): void {
    const { chosen } = this.editor;
    const handle = chosen && this.handleAt(chosen, pointer);
    if (chosen && handle) this.drag({ mark: chosen, handle, from: pointer.point });
    else this.begin(pointer);
  }

  move({ point, shift }: ToolPointer): void {
    const drag = this.#drag;
    if (!drag) return;
    const { mark, handle, from } = drag;
    this.editor.live = handle
      ? dragHandle(mark, handle, point, shift)
      : moveMark(mark, { x: point.x - from.x, y: point.y - from.y });
  }

  up(pointer: ToolPointer): void {
    if (!this.#drag) return;
    // A press without a drag only selects.
    if (!near(pointer.point, this.#drag.from, 2 / this.css)) this.move(pointer);
    this.complete();
  }

  cancel(): void {
    this.#drag = null;
    this.editor.live = null;
  }

  complete(): void {
    const drag = this.#drag;
    const { live } = this.editor;
    this.#drag = null;
    if (drag && live) this.editor.change(drag.mark, live, drag.handle ? 'Change' : 'Move');
    this.editor.live = null;
  }

  /** Delete removes the selected mark, Ctrl D duplicates it, Escape deselects it. */
  key(event: KeyboardEvent): boolean {
    const { editor } = this;
    const { chosen } = editor;
    if (!chosen || this.busy || event.altKey) return false;
    const mod = event.ctrlKey || event.metaKey;
    if (mod && isKey(event, 'd')) editor.duplicate(chosen, 16 / this.css);
    else if (mod) return false;
    else if (isKey(event, 'Delete', 'Backspace')) this.remove(chosen);
    else if (isKey(event, 'Escape')) editor.choose(null);
    else return false;
    return true;
  }

  remove(mark: Mark): void {
    this.context.announce(`${this.editor.nameOf(mark)} deleted.`);
    this.editor.remove(mark);
  }

  /** Handles the tool's own press. */
  protected abstract begin(pointer: ToolPointer): void;

  protected drag(drag: Drag): void {
    this.#drag = drag;
  }

  protected handleAt(mark: Mark, { point, type }: ToolPointer): MarkHandle | null {
    const reach = this.reach(type);
    return handlesOf(mark).find(({ at }) => near(at, point, reach))?.handle ?? null;
  }

  /** In pixels of the image. */
  protected reach(type: ToolPointer['type']): number {
    return REACH[type] / this.css;
  }

  /** CSS pixels per image pixel. */
  protected get css(): number {
    return this.context.camera.scale / this.context.view.dpr;
  }
}

/** Whether a tool works on marks. */
export function isMarkupTool(tool: Tool | null): tool is MarkupTool {
  return tool !== null && isMarkupToolName(tool.name) && tool instanceof MarkupTool;
}

import type { ToolContext, ToolPointer } from '../tools/tool.ts';
import { markAt } from './hit-test.ts';
import { LINE } from './mark-text.ts';
import { markBetween } from './new-mark.ts';
import { MarkupTool } from './MarkupTool.svelte.ts';

/** Adds a text where the person clicks, or edits the one there. */
export class TextTool extends MarkupTool {
  #pressed: ToolPointer | null = null;

  constructor(context: ToolContext) {
    super('text', context);
  }

  override get busy(): boolean {
    return super.busy || this.editor.writing !== null;
  }

  protected begin(pointer: ToolPointer): void {
    this.editor.endWriting(true);
    this.#pressed = pointer;
  }

  override up(pointer: ToolPointer): void {
    const pressed = this.#pressed;
    this.#pressed = null;
    if (!pressed) {
      super.up(pointer);
      return;
    }
    const { editor } = this;
    const { settings } = this.context;
    const texts = editor.document.marks.filter(({ kind }) => kind === 'text');
    const there = markAt(texts, pressed.point, this.reach(pressed.type));
    if (there?.kind === 'text') editor.write(there);
    else {
      const { x, y } = pressed.point;
      const at = { x, y: y - (LINE * settings.textSize) / 2 };
      const text = markBetween('text', at, at, settings);
      if (text.kind === 'text') editor.write(text);
    }
  }

  override cancel(): void {
    this.#pressed = null;
    this.editor.endWriting(false);
    super.cancel();
  }

  override complete(): void {
    this.#pressed = null;
    this.editor.endWriting(true);
    super.complete();
  }
}

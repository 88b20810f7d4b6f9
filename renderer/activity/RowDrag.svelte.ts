import type { Entry } from './queue-sections.ts';

/** Moving a waiting line with the pointer: it is dropped before another one, or at the end. */
export class LineDrag {
  /** The line that is being moved. */
  moved = $state.raw<Entry | null>(null);
  /** The key of the line before which it would stand, or `end`. */
  mark = $state<string | null>(null);
  readonly #move: (moved: Entry, before: Entry | null) => void;

  constructor(move: (moved: Entry, before: Entry | null) => void) {
    this.#move = move;
  }

  start(event: DragEvent, entry: Entry): void {
    this.moved = entry;
    // Some browsers drag nothing without data.
    event.dataTransfer?.setData('text/plain', entry.key);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
  }

  over(event: DragEvent, before: Entry | null): void {
    if (!this.moved) return;
    event.preventDefault();
    this.mark = before?.key ?? 'end';
  }

  drop(event: DragEvent, before: Entry | null): void {
    if (!this.moved) return;
    event.preventDefault();
    this.#move(this.moved, before);
    this.end();
  }

  end(): void {
    this.moved = null;
    this.mark = null;
  }
}

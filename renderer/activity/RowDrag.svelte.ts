import type { QueueEntry } from './queue-sections.ts';

/** Dragging a queued row: it is dropped before another one, or at the end. */
export class RowDrag {
  /** The dragged row. */
  moved = $state.raw<QueueEntry | null>(null);
  /** The key of the row it would be dropped before, or `end`. */
  mark = $state<string | null>(null);
  readonly #move: (moved: QueueEntry, before: QueueEntry | null) => void;

  constructor(move: (moved: QueueEntry, before: QueueEntry | null) => void) {
    this.#move = move;
  }

  start(event: DragEvent, entry: QueueEntry): void {
    this.moved = entry;
    // Some browsers need data to start a drag.
    event.dataTransfer?.setData('text/plain', entry.key);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = 'move';
  }

  over(event: DragEvent, before: QueueEntry | null): void {
    if (!this.moved) return;
    event.preventDefault();
    this.mark = before?.key ?? 'end';
  }

  drop(event: DragEvent, before: QueueEntry | null): void {
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

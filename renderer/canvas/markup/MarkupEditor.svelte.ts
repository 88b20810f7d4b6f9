import { newId } from '../../state/new-id.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import { MergedSteps } from '../document/MergedSteps.ts';
import { isVisibleMark, moveMark } from './mark-bounds.ts';
import { KIND_LABELS, type MarkOf } from './mark-kinds.ts';
import { markName } from './mark-names.ts';
import type { Mark } from '../document/mark.ts';

const desks = new WeakMap<CanvasDocument, MarkupEditor>();

/** The editor of a document's marks, shared by its tools, layer and options bar. */
export function markupEditorOf(document: CanvasDocument): MarkupEditor {
  const known = desks.get(document);
  if (known) return known;
  const editor = new MarkupEditor(document);
  desks.set(document, editor);
  return editor;
}

/** Edits the marks of a document: the selection, the mark being drawn, and all changes. */
export class MarkupEditor {
  /** Marks are hidden on the stage; they are sent anyway. */
  hidden = $state(false);
  /** The mark being drawn or dragged; replaces the one with its id, or lies on top. */
  live = $state.raw<Mark | null>(null);
  /** The text being edited. */
  writing = $state.raw<MarkOf<'text'> | null>(null);
  readonly document: CanvasDocument;
  #chosen = $state<string | null>(null);
  readonly #merged = new MergedSteps();

  constructor(document: CanvasDocument) {
    this.document = document;
  }

  /** The marks as shown. */
  get marks(): readonly Mark[] {
    const { live } = this;
    const { marks } = this.document;
    if (!live) return marks;
    const place = marks.findIndex(({ id }) => id === live.id);
    return place === -1 ? [...marks, live] : marks.with(place, live);
  }

  /** The selected mark as committed; null if none is. */
  get chosen(): Mark | null {
    return this.document.marks.find(({ id }) => id === this.#chosen) ?? null;
  }

  toggleHidden(): void {
    this.hidden = !this.hidden;
  }

  choose(mark: Mark | null): void {
    this.#chosen = mark?.id ?? null;
  }

  nameOf(mark: Mark): string {
    return markName(mark, this.document.marks);
  }

  /** Adds a mark and selects it. False: the mark would be invisible, and is not added. */
  add(mark: Mark): boolean {
    this.live = null;
    if (!isVisibleMark(mark)) return false;
    this.#step(KIND_LABELS[mark.kind], [{ before: null, after: mark }]);
    this.hidden = false;
    this.choose(mark);
    return true;
  }

  /** Changes a mark. Consecutive changes of one mark with the same `merge` are one step. */
  change(before: Mark, after: Mark, label: string, merge: string | null = null): void {
    this.live = null;
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    const name = `${label} ${KIND_LABELS[after.kind].toLowerCase()}`;
    if (merge === null) {
      this.#step(name, [{ before, after }]);
      return;
    }
    const step = { layer: 'markup' as const, name, changes: [{ before, after }] };
    this.#merged.commit(this.document, `${merge} ${after.id}`, step, (first, last) => ({
      ...last,
      changes: [{ before: first.changes[0]?.before ?? before, after }],
    }));
  }

  /** Changes the selected mark, if any. */
  restyle(style: Partial<Pick<Mark, 'colour' | 'width'>> & { size?: number }, label: string): void {
    const { chosen } = this;
    if (this.writing) this.writing = { ...this.writing, ...style };
    else if (chosen) this.change(chosen, restyled(chosen, style), label, label);
  }

  remove(mark: Mark): void {
    const place = this.document.marks.findIndex(({ id }) => id === mark.id);
    this.#step(`Delete ${KIND_LABELS[mark.kind].toLowerCase()}`, [{ before: mark, after: null }]);
    this.choose(this.document.marks[Math.min(place, this.document.marks.length - 1)] ?? null);
  }

  /** Adds a copy beside the mark and selects it. */
  duplicate(mark: Mark, by: number): void {
    const copy = { ...moveMark(mark, { x: by, y: by }), id: newId() };
    this.#step(`Duplicate ${KIND_LABELS[mark.kind].toLowerCase()}`, [{ before: null, after: copy }]);
    this.choose(copy);
  }

  clear(): void {
    const { marks } = this.document;
    if (marks.length === 0) return;
    this.#step(
      'Clear marks',
      marks.map((mark) => ({ before: mark, after: null })),
    );
    this.choose(null);
  }

  /** Selects the next or previous mark; none past the end. */
  walk(by: 1 | -1): Mark | null {
    const { marks } = this.document;
    const { chosen } = this;
    const place = chosen ? marks.indexOf(chosen) + by : by > 0 ? 0 : marks.length - 1;
    this.choose(marks[place] ?? null);
    return this.chosen;
  }

  /** Starts editing a new or existing text. */
  write(text: MarkOf<'text'>): void {
    this.endWriting(true);
    this.writing = text;
    this.hidden = false;
    this.choose(this.document.marks.find(({ id }) => id === text.id) ?? null);
  }

  /** Changes the text being edited. */
  type(text: string): void {
    if (this.writing) this.writing = { ...this.writing, text };
  }

  /** Ends editing. An empty text is not added, or is removed. */
  endWriting(keep: boolean): void {
    const { writing } = this;
    if (!writing) return;
    this.writing = null;
    if (!keep) return;
    const before = this.document.marks.find(({ id }) => id === writing.id);
    const text = writing.text.replace(/\s+$/u, '');
    if (!before) this.add({ ...writing, text });
    else if (text === '') this.remove(before);
    else this.change(before, { ...writing, text }, 'Edit');
  }

  #step(name: string, changes: { before: Mark | null; after: Mark | null }[]): void {
    this.document.commit({ layer: 'markup', name, changes });
  }
}

function restyled(mark: Mark, { size, ...style }: Partial<Pick<Mark, 'colour' | 'width'>> & { size?: number }): Mark {
  return mark.kind === 'text' && size !== undefined ? { ...mark, ...style, size } : { ...mark, ...style };
}

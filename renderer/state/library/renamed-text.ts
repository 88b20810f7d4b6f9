import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { ChangeId } from '../../../electron/contract/entities/ids.ts';
import { renamedBy, withRenamed, type Renamed } from '../../../electron/contract/query/rename-names.ts';

/** Renames whose undo puts back exactly what the text was. */
const REMEMBERED = 50;

/** Keeps the names of tags and collections in an open query, as the studio does in saved ones. */
export class RenamedText {
  readonly #written = new Map<ChangeId, { before: string; after: string }>();

  /** @returns the text after a change: itself, if that renames nothing in it, or it would be too long */
  follow(text: string, { id, state, edit, error }: Change): string {
    const renamed = error === undefined ? renamedBy(edit) : null;
    if (renamed === null) return text;
    if (state === 'undone') return this.#undo(text, id, edit.kind === 'tag-merge' ? null : renamed);
    if (state !== 'done') return text;
    const after = withRenamed(text, renamed) ?? text;
    if (after !== text) this.#remember(id, { before: text, after });
    return after;
  }

  /** What was typed since the rename stays. Of a merge it isn't known which of the two names was meant. */
  #undo(text: string, id: ChangeId, renamed: Renamed | null): string {
    const written = this.#written.get(id);
    if (written?.after === text) return written.before;
    if (written === undefined || renamed === null) return text;
    return withRenamed(text, { ...renamed, from: renamed.to, to: renamed.from }) ?? text;
  }

  #remember(id: ChangeId, written: { before: string; after: string }): void {
    this.#written.set(id, written);
    for (const [oldest] of this.#written) if (this.#written.size > REMEMBERED) this.#written.delete(oldest);
  }
}

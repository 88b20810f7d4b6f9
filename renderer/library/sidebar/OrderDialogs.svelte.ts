import type { Tag } from '../../../electron/contract/entities/annotations.ts';
import type { Collection } from '../../../electron/contract/entities/collections.ts';
import type { CollectionId, TagId } from '../../../electron/contract/entities/ids.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { AppContext } from '../../state/app-context.ts';
import { attempt } from '../../state/attempt.ts';

/** A dialog about a tag or collection. */
export type OrderDialog =
  | { kind: 'create-collection'; parentId: CollectionId | null; query: string | null }
  | { kind: 'rename-collection'; collection: Collection }
  | { kind: 'move-collection'; collection: Collection }
  | { kind: 'rename-tag'; tag: Tag }
  | { kind: 'merge-tag'; tag: Tag }
  | { kind: 'move-tag'; tag: Tag };

/** Creates, renames, moves, merges and removes tags and collections. Everything is journalled, and can be undone. */
export class OrderDialogs {
  open = $state.raw<OrderDialog | null>(null);
  /** Why the open dialog's act failed. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #app: AppContext;

  constructor(app: AppContext) {
    this.#app = app;
  }

  show(dialog: OrderDialog): void {
    this.error = null;
    this.open = dialog;
  }

  close(): void {
    this.open = null;
  }

  /** Takes the name of the open dialog. */
  async name(name: string): Promise<void> {
    const dialog = this.open;
    if (!dialog) return;
    switch (dialog.kind) {
      case 'create-collection':
        return this.#create(name, dialog.parentId, dialog.query);
      case 'rename-collection':
        return this.#change((id) =>
          this.#app.studio.collections.change({ id, collectionId: dialog.collection.id, name }),
        );
      case 'rename-tag':
        return this.#change((id) => this.#app.studio.tags.rename({ id, tagId: dialog.tag.id, name }));
      default:
    }
  }

  /** Takes the place that was chosen in the open dialog; null: the top. */
  async choose(to: string | null): Promise<void> {
    const dialog = this.open;
    if (dialog?.kind === 'merge-tag' && to !== null)
      await this.#change((id) => this.#app.studio.tags.merge({ id, tagId: dialog.tag.id, into: to }));
    else if (dialog?.kind === 'move-tag')
      await this.#change((id) => this.#app.studio.tags.move({ id, tagId: dialog.tag.id, parentId: to }));
    else if (dialog?.kind === 'move-collection')
      await this.place(dialog.collection.id, to as CollectionId | null, null);
  }

  /** Puts a collection below another one or at the top, before one of those there; null: at the end. */
  place(collectionId: CollectionId, parentId: CollectionId | null, before: CollectionId | null): Promise<void> {
    return this.#change((id) => this.#app.studio.collections.change({ id, collectionId, parentId, before }));
  }

  removeCollection(collectionId: CollectionId): Promise<void> {
    return this.#change((id) => this.#app.studio.collections.remove({ id, collectionId }));
  }

  removeTag(tagId: TagId): Promise<void> {
    return this.#change((id) => this.#app.studio.tags.remove({ id, tagId }));
  }

  async #create(name: string, parentId: CollectionId | null, query: string | null): Promise<void> {
    this.error = await attempt(() => this.#app.mirror.library.lists.createCollection(name, { parentId, query }));
    if (this.error === null) this.close();
  }

  async #change(call: Parameters<AppContext['mirror']['library']['changes']['perform']>[1]): Promise<void> {
    const { changes, lists } = this.#app.mirror.library;
    await changes.perform('apply', call);
    this.error = changes.error;
    if (this.error) return;
    this.close();
    await lists.load();
  }
}

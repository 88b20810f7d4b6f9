import { tick } from 'svelte';
import { keysOf } from '../../shared/keyboard/shortcut-keys.ts';
import type { TreeItem, TreeRow } from './tree-rows.ts';

interface TreeKeysSource<T extends TreeItem> {
  rows: () => readonly TreeRow<T>[];
  /** The item that is being looked at. */
  currentId: () => string | null;
  /** The tree's element, with an element for each row. */
  element: () => HTMLElement | undefined;
  choose: (item: T) => void;
  toggle: (item: T, open: boolean) => void;
  rename: (item: T) => void;
  remove: (item: T) => void;
}

/** The focus of a tree and its keys, as in the ARIA pattern: one row is in the tab order. */
export class TreeKeys<T extends TreeItem> {
  #focusedId = $state<string | null>(null);
  readonly #source: TreeKeysSource<T>;
  /** The row in the tab order: that of the last focus, otherwise the current one or the first. */
  readonly activeId = $derived.by(() => {
    const rows = this.#source.rows();
    const known = (id: string | null) => rows.find(({ item }) => item.id === id)?.item.id;
    return known(this.#focusedId) ?? known(this.#source.currentId()) ?? rows[0]?.item.id;
  });

  constructor(source: TreeKeysSource<T>) {
    this.#source = source;
  }

  /** A row has got the focus. */
  focused({ id }: T): void {
    this.#focusedId = id;
  }

  onkeydown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const rows = this.#source.rows();
    const index = rows.findIndex(({ item }) => item.id === this.activeId);
    const row = rows[index];
    if (!row || !this.#act(keysOf(event)[0] ?? '', row, index)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns whether the key does something */
  #act(key: string, { item, open, level }: TreeRow<T>, index: number): boolean {
    const { choose, toggle, rename, remove } = this.#source;
    const rows = this.#source.rows();
    switch (key) {
      case 'ArrowDown':
        return this.#go(rows[index + 1]);
      case 'ArrowUp':
        return this.#go(rows[index - 1]);
      case 'Home':
        return this.#go(rows[0]);
      case 'End':
        return this.#go(rows.at(-1));
      case 'ArrowRight':
        if (open === true) return this.#go(rows[index + 1]);
        if (open === false) toggle(item, true);
        return true;
      case 'ArrowLeft':
        if (open !== true) return this.#go(rows.slice(0, index).findLast((row) => row.level < level));
        toggle(item, false);
        return true;
      case 'Enter':
      case ' ':
        choose(item);
        return true;
      case 'F2':
        rename(item);
        return true;
      case 'Delete':
      case 'Backspace':
        remove(item);
        return true;
      default:
        return key.length === 1 && this.#find(key, index);
    }
  }

  /** Goes to the next item that begins with a letter. */
  #find(letter: string, from: number): boolean {
    const rows = this.#source.rows();
    const order = [...rows.slice(from + 1), ...rows.slice(0, from + 1)];
    const found = order.find(({ item }) => item.name.toLowerCase().startsWith(letter));
    if (found) this.#go(found);
    return found !== undefined;
  }

  #go(row: TreeRow<T> | undefined): true {
    if (row) void this.#focus(row.item.id);
    return true;
  }

  async #focus(id: string): Promise<void> {
    this.#focusedId = id;
    await tick();
    this.#source
      .element()
      ?.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`)
      ?.focus();
  }
}

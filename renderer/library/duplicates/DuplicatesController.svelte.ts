import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Change } from '../../../electron/contract/entities/changes.ts';
import type { DuplicateGroup, DuplicateSearch } from '../../../electron/contract/entities/duplicates.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { LibraryChanges } from '../../state/library/changes.svelte.ts';

/** Pause between two questions how far the search is, ms. */
const POLL_MS = 300;
/** Groups loaded at once. */
const PAGE = 8;

/** A group on the screen, with its outcome. */
export interface ShownGroup {
  group: DuplicateGroup;
  keep: ImageId;
  /** Images have come or gone since it was shown, so nothing was merged. */
  changed: boolean;
  merging: boolean;
  /** The merge, with the number of images that it moved to the trash. */
  merged: { change: Change; images: number } | null;
}

/** The search for near duplicates and its groups. */
export class DuplicatesController {
  search = $state.raw<DuplicateSearch | null>(null);
  groups = $state.raw<readonly ShownGroup[]>([]);
  error = $state.raw<ErrorReport | null>(null);
  loading = $state(false);
  /** There are further groups. */
  more = $state(false);
  #next: number | null = null;
  #stopped = false;
  readonly #studio: Pick<StudioApi, 'duplicates'>;
  readonly #changes: LibraryChanges;

  constructor(studio: Pick<StudioApi, 'duplicates'>, changes: LibraryChanges) {
    this.#studio = studio;
    this.#changes = changes;
  }

  /** Starts a search, or shows the last one's result. @returns ends the questions how far it is */
  open(): () => void {
    this.#stopped = false;
    void this.#follow(false);
    return () => (this.#stopped = true);
  }

  /** Searches again, for images that are new since. */
  async again(): Promise<void> {
    this.groups = [];
    this.more = false;
    await this.#follow(true);
  }

  async #follow(again: boolean): Promise<void> {
    this.error = null;
    try {
      let search = await this.#studio.duplicates.search({ again });
      this.search = search;
      while (search.state === 'running') {
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
        if (this.#stopped) return;
        search = await this.#studio.duplicates.search({ again: false });
        this.search = search;
      }
      if (search.error) this.error = search.error;
      else await this.#load(null);
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  async loadMore(): Promise<void> {
    if (this.loading || !this.more) return;
    try {
      await this.#load(this.#next);
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  async #load(after: number | null): Promise<void> {
    this.loading = true;
    try {
      const { groups, next } = await this.#studio.duplicates.groups({ after, limit: PAGE });
      const fresh = groups.map((group) => shown(group));
      this.groups = after === null ? fresh : [...this.groups, ...fresh];
      this.#next = next;
      this.more = next !== null;
    } finally {
      this.loading = false;
    }
  }

  keep(id: number, imageId: ImageId): void {
    this.#update(id, { keep: imageId });
  }

  /** Merges a group if it is still what is shown; otherwise shows it as it is now. */
  async merge({ group, keep }: ShownGroup): Promise<void> {
    this.#update(group.id, { merging: true });
    try {
      const current = await this.#read(group.id);
      if (!current) {
        this.groups = this.groups.filter((one) => one.group.id !== group.id);
        return;
      }
      if (!isSame(current, group)) {
        this.#update(group.id, { ...shown(current), changed: true });
        return;
      }
      const imageIds = current.images.map(({ id }) => id);
      const change = await this.#changes.apply({ kind: 'images', imageIds }, { kind: 'merge', keep });
      if (change) this.#update(group.id, { merged: { change, images: imageIds.length - 1 }, changed: false });
      else this.error = this.#changes.error;
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    } finally {
      this.#update(group.id, { merging: false });
    }
  }

  async undo({ group, merged }: ShownGroup): Promise<void> {
    if (!merged) return;
    await this.#changes.undo(merged.change);
    if (this.#changes.error) {
      this.error = this.#changes.error;
      return;
    }
    const current = await this.#read(group.id);
    if (current) this.#update(group.id, shown(current));
  }

  async #read(id: number): Promise<DuplicateGroup | null> {
    const { groups } = await this.#studio.duplicates.groups({ after: id - 1, limit: 1 });
    return groups.find((group) => group.id === id) ?? null;
  }

  #update(id: number, change: Partial<ShownGroup>): void {
    this.groups = this.groups.map((one) => (one.group.id === id ? { ...one, ...change } : one));
  }
}

function shown(group: DuplicateGroup): ShownGroup {
  return { group, keep: group.keep, changed: false, merging: false, merged: null };
}

function isSame(one: DuplicateGroup, other: DuplicateGroup): boolean {
  return (
    one.more === other.more &&
    one.images.length === other.images.length &&
    one.images.every(({ id }, index) => id === other.images[index]?.id)
  );
}

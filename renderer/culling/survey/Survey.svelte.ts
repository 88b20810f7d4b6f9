import type { StudioApi } from '../../../electron/contract/api.ts';
import type { Marks } from '../../../electron/contract/entities/annotations.ts';
import type { Edit } from '../../../electron/contract/entities/changes.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import type { ImageRecord } from '../../../electron/contract/entities/image-records.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { Size } from '../../stage/geometry.ts';
import { StageCamera } from '../../stage/StageCamera.svelte.ts';
import { marksOf, type LibraryChanges } from '../../state/library/changes.svelte.ts';
import { MAX_SURVEYED } from '../../order/commands.ts';
import { shownSize } from '../shown-size.ts';
import { differingRows } from './survey-rows.ts';

/** Images that are compared, and which of them are still in question. */
export class Survey {
  error = $state.raw<ErrorReport | null>(null);
  #records = $state.raw<readonly ImageRecord[]>([]);
  #removed = $state.raw<ReadonlySet<ImageId>>(new Set());
  #painted = $state.raw<ReadonlyMap<ImageId, Partial<Marks>>>(new Map());
  #focused = $state<ImageId | null>(null);
  /** The camera of all images; it moves in pixels of the first one. */
  readonly camera = new StageCamera(() => this.box);
  readonly #studio: Pick<StudioApi, 'library'>;
  readonly #changes: LibraryChanges;

  constructor(studio: Pick<StudioApi, 'library'>, changes: LibraryChanges) {
    this.#studio = studio;
    this.#changes = changes;
  }

  /** Still in question. */
  readonly images = $derived.by(() => this.#records.filter(({ id }) => !this.#removed.has(id)));
  readonly rows = $derived.by(() => differingRows(this.images));
  readonly focused = $derived.by(() => this.images.find(({ id }) => id === this.#focused) ?? this.images[0] ?? null);

  /** Taken out of the survey, in any way. */
  get removed(): number {
    return this.#records.length - this.images.length;
  }

  get box(): Size {
    const [first] = this.#records;
    return first ? shownSize(first) : { width: 1, height: 1 };
  }

  async load(ids: readonly ImageId[]): Promise<void> {
    try {
      const wanted = [...new Set(ids)].slice(0, MAX_SURVEYED);
      this.#records = await Promise.all(wanted.map((imageId) => this.#studio.library.image({ imageId })));
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  marks({ id, marks }: ImageRecord): Marks {
    return { ...marks, ...this.#painted.get(id) };
  }

  focus(id: ImageId): void {
    this.#focused = id;
  }

  /** The next (1) or previous (-1) image, or the one above or below by a row's length. */
  move(by: number): void {
    const at = this.images.findIndex(({ id }) => id === this.focused?.id) + by;
    const next = this.images[at];
    if (next) this.#focused = next.id;
  }

  /** Why nothing can be marked, as a sentence for controls; null if it can. */
  get whyNot(): string | null {
    return this.#changes.whyNot;
  }

  /** Applies marks to images, painted at once. */
  async apply(images: readonly ImageRecord[], edit: Edit): Promise<void> {
    if (this.whyNot !== null) return;
    const marks = marksOf(edit);
    const ids = images.map(({ id }) => id);
    const before = this.#painted;
    if (marks) this.#painted = new Map([...before, ...ids.map((id) => [id, { ...before.get(id), ...marks }] as const)]);
    const change = await this.#changes.apply({ kind: 'images', imageIds: ids }, edit, ids);
    this.error = change === null ? this.#changes.error : null;
    if (change === null && marks) this.#painted = before;
  }

  /** Takes an image out of the survey; it stays as it is. */
  remove(id: ImageId): void {
    const at = this.images.findIndex((image) => image.id === id);
    const next = this.images[at + 1] ?? this.images[at - 1];
    this.#removed = new Set([...this.#removed, id]);
    this.#focused = next?.id ?? null;
  }

  /** Keeps one as a favourite and takes the others out. */
  async pick(image: ImageRecord): Promise<void> {
    this.#removed = new Set(this.#records.flatMap(({ id }) => (id === image.id ? [] : [id])));
    this.#focused = image.id;
    if (!this.marks(image).favourite) await this.apply([image], { kind: 'favourite', on: true });
  }

  /** Rejects those that were taken out. */
  async rejectRemoved(): Promise<void> {
    await this.apply(
      this.#records.filter(({ id }) => this.#removed.has(id)),
      { kind: 'reject', on: true },
    );
  }

  /** Puts all images back. */
  reset(): void {
    this.#removed = new Set();
  }
}

import type { ImageId } from '../../../electron/contract/entities/ids.ts';

/** Where keys start from, and the other end of a range made with Shift. Both follow their images into other revisions of the view. */
export class SelectionCursor {
  #current = $state<number | null>(null);
  #currentId = $state<ImageId | null>(null);
  #anchor: number | null = null;
  #anchorId: ImageId | null = null;
  readonly #idAt: (position: number) => ImageId | null;

  /** @param idAt the image at a position; null where its row isn't loaded */
  constructor(idAt: (position: number) => ImageId | null) {
    this.#idAt = idAt;
  }

  get current(): number | null {
    return this.#current;
  }

  set current(position: number | null) {
    this.#current = position;
    this.#currentId = position === null ? null : this.#idAt(position);
  }

  /** The image at `current`; also while its position in a new revision isn't known yet. */
  get currentId(): ImageId | null {
    return this.#currentId;
  }

  get anchor(): number | null {
    return this.#anchor;
  }

  set anchor(position: number | null) {
    this.#anchor = position;
    this.#anchorId = position === null ? null : this.#idAt(position);
  }

  /** The images whose positions in another revision `move` needs. */
  get imageIds(): ImageId[] {
    return [this.#currentId, this.#anchorId].filter((id) => id !== null);
  }

  moveTo(position: number): void {
    this.current = position;
    this.anchorHere();
  }

  /** The next range begins where the keys are. */
  anchorHere(): void {
    this.#anchor = this.#current;
    this.#anchorId = this.#currentId;
  }

  /** An image whose position isn't known yet. */
  restore(id: ImageId | null): void {
    this.#currentId = id;
  }

  clear(): void {
    this.current = this.anchor = null;
  }

  /** @param found where images are now; keys that moved on meanwhile are at one that isn't among them */
  move(found: ReadonlyMap<ImageId, number | null>): void {
    if (this.#currentId !== null && found.has(this.#currentId)) this.#current = found.get(this.#currentId) ?? null;
    if (this.#anchorId !== null && found.has(this.#anchorId)) this.#anchor = found.get(this.#anchorId) ?? null;
  }
}

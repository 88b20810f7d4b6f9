import { scrollScale, toContent, toPlane, type ScrollScale } from './scroll-scale.ts';

/**
 * Where the content is scrolled to. Wheel, touch and keys move it by real pixels; dragging the scrollbar moves it in proportion. All values in
 * CSS px.
 */
export class VirtualScroll {
  /** The content's offset. */
  top = $state(0);
  /** What to subtract from a place in the content to get its place on the plane. */
  shift = $state(0);
  #scale = $state.raw<ScrollScale>(scrollScale(0, 0, 1));
  /** The plane's last known offset. */
  #last = 0;
  #view = 0;

  /** Height of the scrolled element. */
  get plane(): number {
    return this.#scale.plane;
  }

  /** The largest offset of the content. */
  get end(): number {
    return this.#scale.contentEnd;
  }

  /** Takes new heights. The content's offset stays where it can; set the element's `scrollTop` to the result. */
  resize(content: number, view: number, density: number): number {
    this.#view = view;
    this.#scale = scrollScale(content, view, density);
    return this.jump(this.top);
  }

  /** Goes to an offset of the content. Set the element's `scrollTop` to the result. */
  jump(top: number): number {
    this.top = Math.round(Math.min(this.end, Math.max(0, top)));
    this.#last = Math.round(toPlane(this.#scale, this.top));
    this.shift = this.top - this.#last;
    return this.#last;
  }

  /** Follows the element's `scrollTop`. `dragged`: by its scrollbar. */
  follow(scrollTop: number, dragged: boolean): void {
    const moved = Math.abs(scrollTop - this.#last);
    this.#last = scrollTop;
    const isJump = dragged ? moved > 1 : moved > Math.max(3000, 3 * this.#view);
    const atEnd = scrollTop <= 0 || scrollTop >= this.#scale.planeEnd - 0.5;
    if (this.#scale.edge === null) this.shift = 0;
    else if (isJump || atEnd) this.shift = Math.round(toContent(this.#scale, scrollTop)) - Math.round(scrollTop);
    this.top = Math.min(this.end, Math.max(0, scrollTop + this.shift));
  }

  /**
   * After scrolling has stopped: brings the scrollbar to where the content is.
   * @returns what to set the element's `scrollTop` to; null if it is right already
   */
  settle(): number | null {
    if (this.#scale.edge === null) return null;
    return Math.abs(toPlane(this.#scale, this.top) - this.#last) < 1 ? null : this.jump(this.top);
  }
}

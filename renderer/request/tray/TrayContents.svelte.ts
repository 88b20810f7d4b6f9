import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Input, InputRole } from '../../../electron/contract/entities/requests.ts';
import { carriesPrivate } from '../../../electron/contract/rules/carried-metadata.ts';
import {
  checkInputs,
  type InputProblem,
  type InputRequirements,
} from '../../../electron/contract/rules/input-rules.ts';
import { toFacts, toInputs, uniqueImages } from './tray-inputs.ts';

/** The inputs in a tray, and the changes to them that need nothing from the studio. No image is here twice. */
export class TrayContents {
  images = $state.raw<InputImage[]>([]);
  mask = $state.raw<InputImage | null>(null);
  /** A transparent image with marks, shown over the first image. */
  markup = $state.raw<InputImage | null>(null);
  /** A mask fitted from a file that may not be meant as one, until the person agrees; `doubt` says why it is asked. */
  fitted = $state.raw<{ mask: InputImage; doubt: string } | null>(null);
  /** The last change, for screen readers. */
  announcement = $state('');
  /** Number of images at the start that the person can't move or remove. */
  readonly pinned: number;

  constructor(pinned = 0) {
    this.pinned = pinned;
  }

  get empty(): boolean {
    return this.images.length === 0 && this.mask === null && this.markup === null;
  }

  /** The inputs as sent, in order. */
  inputs(): Input[] {
    return toInputs(this);
  }

  /** Problems of the inputs. Read in a `$derived`. */
  problemsFor({ operation, model, format = null }: InputRequirements): InputProblem[] {
    return checkInputs(operation, toFacts(this), model, format);
  }

  get imagesAndMask(): InputImage[] {
    return [...this.images, ...(this.mask ? [this.mask] : [])];
  }

  /** Images and mask that say something private. Read in a `$derived`. */
  get carrying(): InputImage[] {
    return this.imagesAndMask.filter(({ details }) => carriesPrivate(details));
  }

  /** Removes an image, unless it is pinned. */
  remove(position: number): void {
    const gone = this.images[position];
    if (!gone || position < this.pinned) return;
    this.images = this.images.toSpliced(position, 1);
    this.announcement = `${gone.name} removed. ${this.images.length} left.`;
  }

  /** Removes all images from a position on. */
  removeFrom(position: number): void {
    const kept = Math.max(position, this.pinned);
    const gone = this.images.length - kept;
    this.images = this.images.slice(0, kept);
    this.announcement = `${gone} removed. ${this.images.length} left.`;
  }

  removeMask(): void {
    this.mask = null;
    this.fitted = null;
    this.announcement = 'Mask removed.';
  }

  removeMarkup(): void {
    this.markup = null;
    this.announcement = 'Markup removed.';
  }

  clear(): void {
    this.images = this.images.slice(0, this.pinned);
    this.mask = null;
    this.fitted = null;
    this.markup = null;
    this.announcement = 'All references removed.';
  }

  /** Moves an image; the target is clamped. @returns its new position */
  move(from: number, to: number): number {
    const image = this.images[from];
    const position = Math.min(Math.max(to, this.pinned), this.images.length - 1);
    if (!image || from < this.pinned || position === from) return from;
    this.images = this.images.toSpliced(from, 1).toSpliced(position, 0, image);
    this.announcement = `${image.name} is now ${position + 1} of ${this.images.length}.`;
    return position;
  }

  /** Removes the input that a problem is about. */
  removeAt({ role, position }: InputProblem): void {
    if (role === 'image') this.remove(position);
    else if (role === 'mask') this.removeMask();
    else this.removeMarkup();
  }

  /** Puts an image into its role: behind the other references, or in place of the former mask or markup. @returns false if it is one already */
  place(image: InputImage, role: InputRole): boolean {
    if (role !== 'image') {
      this[role] = image;
      this.fitted = null;
      this.announcement = `${image.name} is the ${role}.`;
      return true;
    }
    const position = this.images.findIndex(({ sha256 }) => sha256 === image.sha256);
    if (position !== -1) {
      this.announcement = `${image.name} is already reference ${position + 1}.`;
      return false;
    }
    this.images = [...this.images, image];
    this.announcement = `${image.name} added. ${this.images.length} in total.`;
    return true;
  }

  /** Replaces an image, in each role that it has. */
  replace(before: InputImage, after: InputImage): void {
    this.images = uniqueImages(this.images.map((other) => (other === before ? after : other)));
    if (this.mask === before) this.mask = after;
    if (this.markup === before) this.markup = after;
  }
}

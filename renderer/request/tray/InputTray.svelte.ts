import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Input, InputRole } from '../../../electron/contract/entities/requests.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { preparationForFix, type SquareMethod } from '../../../electron/contract/rules/input-fixes.ts';
import {
  checkInputs,
  type InputRequirements,
  type InputFix,
  type InputProblem,
} from '../../../electron/contract/rules/input-rules.ts';
import type { MaskFitting } from '../../../electron/contract/entities/input-preparation.ts';
import { carriesPrivate } from '../../../electron/contract/rules/carried-metadata.ts';
import { maskDoubt } from '../../../electron/contract/rules/mask-rules.ts';
import { attempt } from '../../state/attempt.ts';
import { Gallery } from '../../state/gallery.svelte.ts';

/** A file being uploaded, or one that was refused. */
export interface Upload {
  id: number;
  name: string;
  role: InputRole;
  /** Uploaded fraction, 0 to 1. */
  progress: number;
  /** Why it was refused; null while uploading. */
  error: ErrorReport | null;
  cancel(): void;
}

/**
 * The inputs of the next edit or variation: references in order, and a mask or markup. Each is in the library before it is here; the
 * draft keeps only hashes. No image is here twice.
 */
export class InputTray {
  images = $state.raw<InputImage[]>([]);
  mask = $state.raw<InputImage | null>(null);
  /** A transparent image with marks, shown over the first image. */
  markup = $state.raw<InputImage | null>(null);
  /** Files being uploaded and refused files, oldest first. */
  uploads = $state.raw<Upload[]>([]);
  /** SHA-256 of the images being prepared. */
  busy = $state.raw<ReadonlySet<Sha256>>(new Set());
  /** Why the last action failed; null after one that succeeded. */
  error = $state.raw<ErrorReport | null>(null);
  /** The last change, for screen readers. */
  announcement = $state('');
  /** A mask fitted from a file that may not be meant as one, until the person agrees; `doubt` says why it is asked. */
  fitted = $state.raw<{ mask: InputImage; doubt: string } | null>(null);
  /** Whether a place or another program's prompt in a file is removed when it is added. */
  stripsMetadata: () => boolean = () => true;
  /** Number of images at the start that the person can't move or remove. */
  readonly pinned: number;
  readonly #studio: StudioApi;
  /** The image each prepared image was made from, by its SHA-256, for `revert`. */
  #origins = $state.raw<ReadonlyMap<Sha256, InputImage>>(new Map());
  #count = 0;

  constructor(studio: StudioApi, pinned = 0) {
    this.#studio = studio;
    this.pinned = pinned;
  }

  /** Whether an upload or a preparation is running. */
  get working(): boolean {
    return this.busy.size > 0 || this.uploads.some(({ error }) => error === null);
  }

  get empty(): boolean {
    return this.images.length === 0 && this.mask === null && this.markup === null;
  }

  /** The inputs as sent, in order. */
  inputs(): Input[] {
    return [
      ...this.images.map((image) => toInput('image', image)),
      ...(this.mask ? [toInput('mask', this.mask)] : []),
      ...(this.markup ? [toInput('markup', this.markup)] : []),
    ];
  }

  /** Problems of the inputs. Read in a `$derived`. */
  problemsFor({ operation, model, format = null }: InputRequirements): InputProblem[] {
    const facts = [
      ...this.images.map((image) => ({ role: 'image' as const, ...image })),
      ...(this.mask ? [{ role: 'mask' as const, ...this.mask }] : []),
      ...(this.markup ? [{ role: 'markup' as const, ...this.markup }] : []),
    ];
    return checkInputs(operation, facts, model, format);
  }

  /** Uploads files one after the other. Refused ones stay in `uploads` with their error. */
  async add(files: Iterable<File>, role: InputRole = 'image'): Promise<void> {
    const entries = [...files].map((file) => ({ file, upload: this.#startUpload(file.name || 'Pasted image', role) }));
    for (const { file, upload } of entries) await this.#take(file, upload);
  }

  /** Adds an image of the library. */
  async addImage(imageId: ImageId, role: InputRole = 'image'): Promise<void> {
    await this.#attempt(async () => this.#put(await this.#studio.inputs.fromImage({ imageId }), role));
  }

  /** Adds images of the library, in order. */
  async addImages(ids: readonly ImageId[], role: InputRole = 'image'): Promise<void> {
    for (const id of ids) await this.addImage(id, role);
  }

  /** Replaces all inputs, for instance with those of a record. Inputs that no longer exist are left out. */
  async load(inputs: readonly Input[]): Promise<void> {
    await this.#attempt(async () => {
      const known = await this.#studio.inputs.get({ inputs: inputs.map(({ sha256 }) => sha256) });
      const found = (role: Input['role']): InputImage[] =>
        inputs.flatMap((input) =>
          input.role === role
            ? known.filter(({ sha256 }) => sha256 === input.sha256).map((image) => asUsed(image, input))
            : [],
        );
      this.images = uniqueImages(found('image'));
      this.mask = found('mask')[0] ?? null;
      this.markup = found('markup')[0] ?? null;
    });
  }

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

  /** Applies a fix. A mask is fitted with {@link fitMask}. */
  async fix(
    problem: InputProblem,
    fix: InputFix,
    demand: InputRequirements,
    square: SquareMethod = 'crop',
  ): Promise<void> {
    if (fix === 'remove') this.#removeAt(problem);
    if (fix === 'remove' || fix === 'fit-mask') return;
    const image = this.images[problem.position];
    if (!image) return;
    await this.#prepare(image, () => this.#studio.inputs.prepare(preparationForFix(fix, image, demand, square)));
  }

  /** Makes the mask fit the first image. */
  async fitMask(reads: MaskFitting['reads']): Promise<void> {
    const { mask } = this;
    const first = this.images[0]?.sha256;
    if (!mask || first === undefined) return;
    await this.#work(mask, async () => {
      const fitted = await this.#studio.inputs.fitMask({ sha256: mask.sha256, first, reads });
      if (this.mask?.sha256 !== mask.sha256) return;
      const doubt = mask.details ? maskDoubt(mask.details.mask) : null;
      if (doubt === null) this.#useFitted(fitted);
      else this.fitted = { mask: fitted, doubt };
    });
  }

  /** The person agrees to the mask that {@link fitMask} made. */
  useFitted(): void {
    if (this.fitted) this.#useFitted(this.fitted.mask);
  }

  dismissFitted(): void {
    this.fitted = null;
  }

  #useFitted(fitted: InputImage): void {
    if (this.mask) this.#remember(this.mask, fitted);
    this.mask = fitted;
    this.fitted = null;
    this.announcement = `Mask fitted. ${fitted.changes.join(' ')}`;
  }

  /** Images and mask that say something private, with what. Read in a `$derived`. */
  get carrying(): InputImage[] {
    return [...this.images, ...(this.mask ? [this.mask] : [])].filter(({ details }) => carriesPrivate(details));
  }

  /** Whether something private was removed from one of the images. */
  get stripped(): boolean {
    return [...this.images, ...(this.mask ? [this.mask] : [])].some((image) =>
      carriesPrivate(this.#origins.get(image.sha256)?.details),
    );
  }

  /** Removes the metadata of everything that carries something private. */
  async stripAll(): Promise<void> {
    for (const image of this.carrying) await this.#strip(image);
  }

  /** Whether an image was prepared here and can be reverted. */
  canRevert({ sha256 }: InputImage): boolean {
    return this.#origins.has(sha256);
  }

  /** Reverts an image or the mask to what it was made from. */
  revert(image: InputImage): void {
    const origin = this.#origins.get(image.sha256);
    if (!origin) return;
    if (this.mask === image) this.mask = origin;
    else this.images = uniqueImages(this.images.map((other) => (other === image ? origin : other)));
    this.announcement = `${origin.name} restored.`;
  }

  /** A gallery for the picker, independent of the Library view's. */
  browse(): Gallery {
    return new Gallery(this.#studio);
  }

  /** Removes a refused file from the list. */
  dismiss(id: number): void {
    this.uploads = this.uploads.filter((upload) => upload.id !== id);
  }

  #removeAt({ role, position }: InputProblem): void {
    if (role === 'image') this.remove(position);
    else if (role === 'mask') this.removeMask();
    else this.removeMarkup();
  }

  #startUpload(name: string, role: InputRole): Upload & { signal: AbortSignal } {
    const stop = new AbortController();
    const id = (this.#count += 1);
    const cancel = (): void => {
      stop.abort();
      this.dismiss(id);
    };
    const upload = { id, name, role, progress: 0, error: null, cancel, signal: stop.signal };
    this.uploads = [...this.uploads, upload];
    return upload;
  }

  async #take(file: File, { id, name, role, signal }: Upload & { signal: AbortSignal }): Promise<void> {
    // It can be cancelled during any await.
    const cancelled = (): boolean => signal.aborted;
    if (cancelled()) return;
    const onProgress = (progress: number): void => this.#change(id, { progress });
    const error = await attempt(async () => {
      const image = await this.#studio.addInput(file, name, { signal, onProgress });
      if (cancelled()) return;
      this.dismiss(id);
      await this.#put(image, role);
    });
    if (error && !cancelled()) this.#change(id, { error });
  }

  #change(id: number, change: Partial<Upload>): void {
    this.uploads = this.uploads.map((upload) => (upload.id === id ? { ...upload, ...change } : upload));
  }

  /** Adds an image in its role. Applies its EXIF orientation at once, because servers differ in how they treat it. */
  async #put(image: InputImage, role: InputRole): Promise<void> {
    if (role !== 'image') {
      this[role] = image;
      this.fitted = null;
      this.announcement = `${image.name} is the ${role}.`;
      if (this.#mustStrip(image)) await this.#strip(image);
      return;
    }
    const position = this.images.findIndex(({ sha256 }) => sha256 === image.sha256);
    if (position !== -1) {
      this.announcement = `${image.name} is already reference ${position + 1}.`;
      return;
    }
    this.images = [...this.images, image];
    this.announcement = `${image.name} added. ${this.images.length} in total.`;
    const strip = this.#mustStrip(image);
    if (image.orientation > 1 || strip) {
      await this.#prepare(image, () => this.#studio.inputs.prepare({ sha256: image.sha256, ...(strip && { strip }) }));
    }
  }

  #mustStrip({ details }: InputImage): boolean {
    return this.stripsMetadata() && carriesPrivate(details);
  }

  #strip(image: InputImage): Promise<void> {
    return this.#prepare(image, () => this.#studio.inputs.prepare({ sha256: image.sha256, strip: true }));
  }

  async #prepare(image: InputImage, prepare: () => Promise<InputImage>): Promise<void> {
    await this.#work(image, async () => {
      const prepared = await prepare();
      this.images = uniqueImages(this.images.map((other) => (other === image ? prepared : other)));
      if (this.mask === image) this.mask = prepared;
      if (this.markup === image) this.markup = prepared;
      this.#remember(image, prepared);
      this.announcement = `${prepared.name}: ${prepared.changes.join(' ')}`;
    });
  }

  async #work({ sha256 }: InputImage, action: () => Promise<void>): Promise<void> {
    if (this.busy.has(sha256)) return;
    this.busy = new Set([...this.busy, sha256]);
    try {
      await this.#attempt(action);
    } finally {
      this.busy = new Set([...this.busy].filter((other) => other !== sha256));
    }
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    this.error = await attempt(action);
  }

  #remember(before: InputImage, after: InputImage): void {
    if (before.sha256 !== after.sha256) this.#origins = new Map([...this.#origins, [after.sha256, before]]);
  }
}

/** Without duplicates. */
function uniqueImages(images: readonly InputImage[]): InputImage[] {
  return images.filter((image, position) => images.findIndex(({ sha256 }) => sha256 === image.sha256) === position);
}

function toInput(role: Input['role'], { sha256, image, changes }: InputImage): Input {
  return { role, sha256, image, ...(changes.length > 0 && { changes }) };
}

/** The file as this request uses it: another use of the same file may have changed something else. */
function asUsed(file: InputImage, { image, changes }: Input): InputImage {
  return { ...file, image: image ?? file.image, changes: changes ?? file.changes };
}

const trays = new WeakMap<StudioApi, InputTray>();

/** The studio's tray, the same for every view: an upload continues while another view is shown. */
export function trayFor(studio: StudioApi): InputTray {
  const tray = trays.get(studio) ?? new InputTray(studio);
  trays.set(studio, tray);
  return tray;
}

import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId, Sha256 } from '../../../electron/contract/entities/ids.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { Input, InputRole } from '../../../electron/contract/entities/requests.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { preparationForFix, type SquareMethod } from '../../../electron/contract/rules/input-fixes.ts';
import type { InputFix, InputProblem, InputRequirements } from '../../../electron/contract/rules/input-rules.ts';
import type { InputPreparation, MaskFitting } from '../../../electron/contract/entities/input-preparation.ts';
import { carriesPrivate } from '../../../electron/contract/rules/carried-metadata.ts';
import { maskDoubt } from '../../../electron/contract/rules/mask-rules.ts';
import { attempt } from '../../state/attempt.ts';
import { Preparations } from './Preparations.svelte.ts';
import { fromInputs } from './tray-inputs.ts';
import { TrayContents } from './TrayContents.svelte.ts';
import { Uploads, type Upload } from './Uploads.svelte.ts';

/**
 * The inputs of the next edit or variation, and the way into it: uploads, images of the library, and their preparation. Each is in the
 * library before it is here; the draft keeps only hashes.
 */
export class InputTray extends TrayContents {
  /** Why the last action failed; null after one that succeeded. */
  error = $state.raw<ErrorReport | null>(null);
  /** Whether a place or another program's prompt in a file is removed when it is added. */
  stripsMetadata: () => boolean = () => true;
  readonly #studio: StudioApi;
  readonly #uploads: Uploads;
  readonly #preparations = new Preparations();

  constructor(studio: StudioApi, pinned = 0) {
    super(pinned);
    this.#studio = studio;
    this.#uploads = new Uploads(studio);
  }

  /** Files being uploaded and refused files, oldest first. */
  get uploads(): readonly Upload[] {
    return this.#uploads.list;
  }

  /** SHA-256 of the images being prepared. */
  get busy(): ReadonlySet<Sha256> {
    return this.#preparations.busy;
  }

  /** Whether an upload or a preparation is running. */
  get working(): boolean {
    return this.busy.size > 0 || this.#uploads.running;
  }

  /** Uploads files one after the other. Refused ones stay in `uploads` with their error. */
  add(files: Iterable<File>, role: InputRole = 'image'): Promise<void> {
    return this.#uploads.add(files, role, (image) => this.#put(image, role));
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
      const { images, mask, markup } = fromInputs(inputs, known);
      this.images = [...images];
      this.mask = mask;
      this.markup = markup;
    });
  }

  /** Applies a fix. A mask is fitted with {@link fitMask}. */
  async fix(
    problem: InputProblem,
    fix: InputFix,
    demand: InputRequirements,
    square: SquareMethod = 'crop',
  ): Promise<void> {
    if (fix === 'remove') this.removeAt(problem);
    if (fix === 'remove' || fix === 'fit-mask') return;
    const image = this.images[problem.position];
    if (!image) return;
    await this.#prepare(image, preparationForFix(fix, image, demand, square));
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

  /** Whether something private was removed from one of the images. */
  get stripped(): boolean {
    return this.imagesAndMask.some((image) => carriesPrivate(this.#preparations.originOf(image)?.details));
  }

  /** Removes the metadata of everything that carries something private. */
  async stripAll(): Promise<void> {
    for (const image of this.carrying) await this.#prepare(image, { sha256: image.sha256, strip: true });
  }

  /** Whether an image was prepared here and can be reverted. */
  canRevert(image: InputImage): boolean {
    return this.#preparations.originOf(image) !== undefined;
  }

  /** Reverts an image or the mask to what it was made from. */
  revert(image: InputImage): void {
    const origin = this.#preparations.originOf(image);
    if (!origin) return;
    this.replace(image, origin);
    this.announcement = `${origin.name} restored.`;
  }

  /** Removes a refused file from the list. */
  dismiss(id: number): void {
    this.#uploads.dismiss(id);
  }

  /** Adds an image in its role. Applies its EXIF orientation at once, because servers differ in how they treat it. */
  async #put(image: InputImage, role: InputRole): Promise<void> {
    if (!this.place(image, role)) return;
    const strip = this.stripsMetadata() && carriesPrivate(image.details);
    const isRotated = role === 'image' && image.orientation > 1;
    if (strip || isRotated) await this.#prepare(image, { sha256: image.sha256, ...(strip && { strip }) });
  }

  async #prepare(image: InputImage, preparation: InputPreparation): Promise<void> {
    await this.#work(image, async () => {
      const prepared = await this.#studio.inputs.prepare(preparation);
      this.replace(image, prepared);
      this.#preparations.remember(image, prepared);
      this.announcement = `${prepared.name}: ${prepared.changes.join(' ')}`;
    });
  }

  #useFitted(fitted: InputImage): void {
    if (this.mask) this.#preparations.remember(this.mask, fitted);
    this.mask = fitted;
    this.fitted = null;
    this.announcement = `Mask fitted. ${fitted.changes.join(' ')}`;
  }

  #work(image: InputImage, action: () => Promise<void>): Promise<void> {
    return this.#preparations.run(image, () => this.#attempt(action));
  }

  async #attempt(action: () => Promise<void>): Promise<void> {
    this.error = await attempt(action);
  }
}

const trays = new WeakMap<StudioApi, InputTray>();

/** The studio's tray, the same for every view: an upload continues while another view is shown. */
export function trayFor(studio: StudioApi): InputTray {
  const tray = trays.get(studio) ?? new InputTray(studio);
  trays.set(studio, tray);
  return tray;
}

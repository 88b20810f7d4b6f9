import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId, Input, InputPicture, InputRole, Sha256 } from '../../../electron/contract/entities.ts';
import { toErrorReport, type ErrorReport } from '../../../electron/contract/errors.ts';
import { preparationFor, type SquareChoice } from '../../../electron/contract/rules/input-fixes.ts';
import {
  checkInputs,
  type InputDemand,
  type InputMend,
  type InputProblem,
} from '../../../electron/contract/rules/input-rules.ts';
import type { MaskFitting } from '../../../electron/contract/entities/input-preparation.ts';
import { Gallery } from '../../state/gallery.svelte.ts';

/** A file on its way into the library, or one that was refused. */
export interface Arrival {
  id: number;
  name: string;
  role: InputRole;
  /** How much has left, 0 to 1. */
  part: number;
  /** Why it was refused; null while it is on its way. */
  error: ErrorReport | null;
  cancel(): void;
}

/**
 * The pictures that go out with the next edit or variation, in their order, and the mask or the markup. What they are is in the library
 * before they are here; the draft keeps their hashes. No picture is here twice.
 */
export class InputTray {
  images = $state.raw<InputPicture[]>([]);
  mask = $state.raw<InputPicture | null>(null);
  /** A transparent picture with marks, laid over the first one. */
  markup = $state.raw<InputPicture | null>(null);
  /** Files on their way and files that were refused, oldest first. */
  arrivals = $state.raw<Arrival[]>([]);
  /** The pictures, by their SHA-256, that something is being done to. */
  busy = $state.raw<ReadonlySet<Sha256>>(new Set());
  /** Why the last deed failed; null after one that did not. */
  error = $state.raw<ErrorReport | null>(null);
  /** For screen readers: what has just changed. */
  said = $state('');
  /** So many pictures at the beginning stay where they are: they are neither moved nor removed by hand. */
  readonly pinned: number;
  readonly #studio: StudioApi;
  /** What each picture was made of here, by its SHA-256, so that it can be taken back. */
  #origins = $state.raw<ReadonlyMap<Sha256, InputPicture>>(new Map());
  #count = 0;

  constructor(studio: StudioApi, pinned = 0) {
    this.#studio = studio;
    this.pinned = pinned;
  }

  /** True while something is on its way that belongs to the request. */
  get working(): boolean {
    return this.busy.size > 0 || this.arrivals.some(({ error }) => error === null);
  }

  get empty(): boolean {
    return this.images.length === 0 && this.mask === null && this.markup === null;
  }

  /** What goes out, in order. */
  inputs(): Input[] {
    return [
      ...this.images.map((picture) => inputOf('image', picture)),
      ...(this.mask ? [inputOf('mask', this.mask)] : []),
      ...(this.markup ? [inputOf('markup', this.markup)] : []),
    ];
  }

  /** What stands in the way of a request. To be read in a `$derived`. */
  problemsFor({ operation, model, format = null }: InputDemand): InputProblem[] {
    const facts = [
      ...this.images.map((picture) => ({ role: 'image' as const, ...picture })),
      ...(this.mask ? [{ role: 'mask' as const, ...this.mask }] : []),
      ...(this.markup ? [{ role: 'markup' as const, ...this.markup }] : []),
    ];
    return checkInputs(operation, facts, model, format);
  }

  /** Takes files in, one after the other, in their order. Refused ones stay as arrivals that say why. */
  async add(files: Iterable<File>, role: InputRole = 'image'): Promise<void> {
    const entries = [...files].map((file) => ({ file, arrival: this.#announce(file.name || 'Pasted picture', role) }));
    for (const { file, arrival } of entries) await this.#take(file, arrival);
  }

  /** Takes a picture of the library. */
  async addPicture(imageId: ImageId, role: InputRole = 'image'): Promise<void> {
    await this.#attempt(async () => this.#put(await this.#studio.inputs.fromPicture({ imageId }), role));
  }

  /** Takes pictures of the library, in their order. */
  async addPictures(ids: readonly ImageId[], role: InputRole = 'image'): Promise<void> {
    for (const id of ids) await this.addPicture(id, role);
  }

  /** Puts other inputs in the place of all that is here, for instance those of a record. Those that are gone are left out. */
  async load(inputs: readonly Input[]): Promise<void> {
    await this.#attempt(async () => {
      const known = await this.#studio.inputs.describe({ inputs: inputs.map(({ sha256 }) => sha256) });
      const found = (role: Input['role']): InputPicture[] =>
        inputs.flatMap((input) =>
          input.role === role
            ? known.filter(({ sha256 }) => sha256 === input.sha256).map((picture) => withImage(picture, input.image))
            : [],
        );
      this.images = once(found('image'));
      this.mask = found('mask')[0] ?? null;
      this.markup = found('markup')[0] ?? null;
    });
  }

  remove(position: number): void {
    const gone = this.images[position];
    if (!gone || position < this.pinned) return;
    this.images = this.images.toSpliced(position, 1);
    this.said = `${gone.name} removed. ${this.images.length} left.`;
  }

  /** Removes all pictures from a place on. */
  removeFrom(position: number): void {
    const kept = Math.max(position, this.pinned);
    const gone = this.images.length - kept;
    this.images = this.images.slice(0, kept);
    this.said = `${gone} removed. ${this.images.length} left.`;
  }

  removeMask(): void {
    this.mask = null;
    this.said = 'Mask removed.';
  }

  removeMarkup(): void {
    this.markup = null;
    this.said = 'Markup removed.';
  }

  clear(): void {
    this.images = this.images.slice(0, this.pinned);
    this.mask = null;
    this.markup = null;
    this.said = 'All references removed.';
  }

  /** Moves a picture to another place, as far as the ends. Returns where it is now. */
  move(from: number, to: number): number {
    const picture = this.images[from];
    const place = Math.min(Math.max(to, this.pinned), this.images.length - 1);
    if (!picture || from < this.pinned || place === from) return from;
    this.images = this.images.toSpliced(from, 1).toSpliced(place, 0, picture);
    this.said = `${picture.name} is now ${place + 1} of ${this.images.length}.`;
    return place;
  }

  /** Does what mends a fault. A mask is fitted with {@link fitMask}. */
  async mend(
    problem: InputProblem,
    mend: InputMend,
    demand: InputDemand,
    square: SquareChoice = 'crop',
  ): Promise<void> {
    if (mend === 'remove') this.#removeAt(problem);
    if (mend === 'remove' || mend === 'fit-mask') return;
    const picture = this.images[problem.position];
    if (!picture) return;
    await this.#prepare(picture, () => this.#studio.inputs.prepare(preparationFor(mend, picture, demand, square)));
  }

  /** Makes the mask fit the first picture. */
  async fitMask(reads: MaskFitting['reads']): Promise<void> {
    const { mask } = this;
    const first = this.images[0]?.sha256;
    if (!mask || first === undefined) return;
    await this.#work(mask, async () => {
      const fitted = await this.#studio.inputs.fitMask({ sha256: mask.sha256, first, reads });
      if (this.mask?.sha256 !== mask.sha256) return;
      this.mask = fitted;
      this.#remember(mask, fitted);
      this.said = `Mask fitted. ${fitted.deeds.join(' ')}`;
    });
  }

  /** Whether a picture was made of another one here, which can be put back. */
  canRevert({ sha256 }: InputPicture): boolean {
    return this.#origins.has(sha256);
  }

  /** Puts back what a picture, or the mask, was made of. */
  revert(picture: InputPicture): void {
    const origin = this.#origins.get(picture.sha256);
    if (!origin) return;
    if (this.mask === picture) this.mask = origin;
    else this.images = once(this.images.map((other) => (other === picture ? origin : other)));
    this.said = `${origin.name} is as it was.`;
  }

  /** A view of the library to choose from, apart from the Library's own. */
  browse(): Gallery {
    return new Gallery(this.#studio);
  }

  /** Takes a refused file off the list. */
  dismiss(id: number): void {
    this.arrivals = this.arrivals.filter((arrival) => arrival.id !== id);
  }

  #removeAt({ role, position }: InputProblem): void {
    if (role === 'image') this.remove(position);
    else if (role === 'mask') this.removeMask();
    else this.removeMarkup();
  }

  #announce(name: string, role: InputRole): Arrival & { signal: AbortSignal } {
    const stop = new AbortController();
    const id = (this.#count += 1);
    const cancel = (): void => {
      stop.abort();
      this.dismiss(id);
    };
    const arrival = { id, name, role, part: 0, error: null, cancel, signal: stop.signal };
    this.arrivals = [...this.arrivals, arrival];
    return arrival;
  }

  async #take(file: File, { id, name, role, signal }: Arrival & { signal: AbortSignal }): Promise<void> {
    // It may be cancelled at any moment.
    const cancelled = (): boolean => signal.aborted;
    if (cancelled()) return;
    const onProgress = (part: number): void => this.#change(id, { part });
    try {
      const picture = await this.#studio.addInput(file, name, { signal, onProgress });
      if (cancelled()) return;
      this.dismiss(id);
      await this.#put(picture, role);
    } catch (thrown) {
      if (cancelled()) return;
      this.#change(id, { error: toErrorReport(thrown) });
    }
  }

  #change(id: number, change: Partial<Arrival>): void {
    this.arrivals = this.arrivals.map((arrival) => (arrival.id === id ? { ...arrival, ...change } : arrival));
  }

  /** Puts a picture where it belongs. One that lies turned in its file is turned upright at once: servers differ in what they see. */
  async #put(picture: InputPicture, role: InputRole): Promise<void> {
    if (role !== 'image') {
      this[role] = picture;
      this.said = `${picture.name} is the ${role}.`;
      return;
    }
    const place = this.images.findIndex(({ sha256 }) => sha256 === picture.sha256);
    if (place !== -1) {
      this.said = `${picture.name} is here already, as number ${place + 1}.`;
      return;
    }
    this.images = [...this.images, picture];
    this.said = `${picture.name} added, ${this.images.length} in all.`;
    if (picture.orientation > 1) {
      await this.#prepare(picture, () => this.#studio.inputs.prepare({ sha256: picture.sha256 }));
    }
  }

  async #prepare(picture: InputPicture, prepare: () => Promise<InputPicture>): Promise<void> {
    await this.#work(picture, async () => {
      const prepared = await prepare();
      this.images = once(this.images.map((other) => (other === picture ? prepared : other)));
      this.#remember(picture, prepared);
      this.said = `${prepared.name}: ${prepared.deeds.join(' ')}`;
    });
  }

  async #work({ sha256 }: InputPicture, deed: () => Promise<void>): Promise<void> {
    if (this.busy.has(sha256)) return;
    this.busy = new Set([...this.busy, sha256]);
    try {
      await this.#attempt(deed);
    } finally {
      this.busy = new Set([...this.busy].filter((other) => other !== sha256));
    }
  }

  async #attempt(deed: () => Promise<void>): Promise<void> {
    try {
      await deed();
      this.error = null;
    } catch (thrown) {
      this.error = toErrorReport(thrown);
    }
  }

  #remember(before: InputPicture, after: InputPicture): void {
    if (before.sha256 !== after.sha256) this.#origins = new Map([...this.#origins, [after.sha256, before]]);
  }
}

/** Without those that stand there already. */
function once(pictures: readonly InputPicture[]): InputPicture[] {
  return pictures.filter((picture, place) => pictures.findIndex(({ sha256 }) => sha256 === picture.sha256) === place);
}

function inputOf(role: Input['role'], { sha256, image }: InputPicture): Input {
  return { role, sha256, image };
}

function withImage(picture: InputPicture, image: ImageId | null): InputPicture {
  return image === null ? picture : { ...picture, image };
}

const trays = new WeakMap<StudioApi, InputTray>();

/** The tray of a studio: the same one for every view of it, so that an upload goes on while another view is shown. */
export function trayOf(studio: StudioApi): InputTray {
  const tray = trays.get(studio) ?? new InputTray(studio);
  trays.set(studio, tray);
  return tray;
}

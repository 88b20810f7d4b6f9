import type { StudioApi } from '../../../electron/contract/api.ts';
import type { ImageId } from '../../../electron/contract/entities/ids.ts';
import { toErrorReport } from '../../../electron/contract/errors/errors.ts';
import type { Size } from '../../stage/geometry.ts';
import type { CanvasDocument } from '../document/CanvasDocument.svelte.ts';
import { formatQuantity } from '../../shared/format/counts.ts';
import type { MaskOperation } from '../mask/operations/mask-operation.ts';
import { readMask } from '../mask/files/read-mask.ts';
import { commitMask } from './mask-commands.ts';

/** Imports a mask from a file, or from the request of another image. */
export class MaskImporter {
  /** Why the mask cannot be used; null if it can. */
  fault = $state<string | null>(null);
  /** The mask has another size: asks whether to scale it. */
  question = $state.raw<{ size: Size; source: Blob; name: string } | null>(null);
  /** The file may not be meant as a mask: asks whether to use it. `marked`: pixels that it would mark. */
  doubt = $state.raw<{ reason: string; marked: number; name: string; op: MaskOperation } | null>(null);
  readonly #studio: StudioApi;
  readonly #imageBase: string;
  readonly #announce: (words: string) => void;

  /** @param announce announces the result to screen readers */
  constructor(studio: StudioApi, imageBase: string, announce: (words: string) => void) {
    this.#studio = studio;
    this.#imageBase = imageBase;
    this.#announce = announce;
  }

  async fromFile(document: CanvasDocument, file: File): Promise<void> {
    await this.#read(document, file, file.name || 'The pasted image');
  }

  /** Uses the mask that was sent with the request of an image. */
  async fromImage(document: CanvasDocument, imageId: ImageId): Promise<void> {
    this.fault = null;
    try {
      const { generation } = await this.#studio.library.image({ imageId });
      const mask = generation?.inputs.find(({ role }) => role === 'mask');
      if (!mask) {
        this.fault = 'That image was created without a mask. Choose another image, or load a file.';
        return;
      }
      const answer = await fetch(`${this.#imageBase}/input/${mask.sha256}`);
      if (answer.ok) await this.#read(document, await answer.blob(), 'The mask of that image');
      else this.fault = 'The mask’s file is missing from the library folder. Your mask is unchanged.';
    } catch (thrown) {
      this.fault = toErrorReport(thrown).message;
    }
  }

  /** Scales the mask to the image and uses it. */
  async scale(document: CanvasDocument): Promise<void> {
    const { question } = this;
    this.question = null;
    if (question) await this.#read(document, question.source, question.name, true);
  }

  dismissFault(): void {
    this.fault = null;
  }

  /** The mask of another size is not used. */
  cancelScaling(): void {
    this.question = null;
  }

  /** The person agrees to use the file as a mask. */
  useDoubted(document: CanvasDocument): void {
    const { doubt } = this;
    this.doubt = null;
    if (doubt) this.#use(document, doubt.op, 0);
  }

  dismissDoubt(): void {
    this.doubt = null;
  }

  #use(document: CanvasDocument, op: MaskOperation, partial: number): void {
    commitMask({ document, announce: this.#announce }, 'Load mask', op);
    if (partial > 0) this.#announce(`${formatQuantity(partial, 'half-transparent pixel')} became hard.`);
  }

  async #read(document: CanvasDocument, source: Blob, name: string, scale = false): Promise<void> {
    this.fault = null;
    const reading = await readMask(source, document.size, { scale });
    switch (reading.kind) {
      case 'mask':
        if (reading.marked === 0) this.fault = `${name} doesn’t mark anything. Your mask is unchanged.`;
        else if (reading.doubt !== null)
          this.doubt = { reason: reading.doubt, marked: reading.marked, name, op: reading.op };
        else this.#use(document, reading.op, reading.partial);
        return;
      case 'other-size':
        this.question = { size: reading.size, source, name };
        return;
      case 'unreadable':
        this.fault = `${name} isn’t a supported image. Your mask is unchanged.`;
    }
  }
}

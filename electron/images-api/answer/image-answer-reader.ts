import type { AnswerCollector, AnswerReader } from './answer-collector.ts';
import type { ImageFile } from './image-file.ts';

/** Reads an answer that is the image itself, as some servers send it. */
export class ImageAnswerReader implements AnswerReader {
  readonly #delivery: AnswerCollector;
  #file: ImageFile | null = null;

  constructor(delivery: AnswerCollector) {
    this.#delivery = delivery;
  }

  async feed(chunk: Buffer): Promise<boolean> {
    this.#file ??= await this.#delivery.openImage();
    await this.#file.write(chunk);
    return false;
  }

  async finish(): Promise<void> {
    if (this.#file) await this.#delivery.collectFile(this.#file);
    this.#file = null;
  }

  async abandon(): Promise<void> {
    await this.#file?.abandon(true);
  }
}

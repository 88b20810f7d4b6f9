import type { StudioApi } from '../../../electron/contract/api.ts';
import type { InputImage } from '../../../electron/contract/entities/inputs.ts';
import type { InputRole } from '../../../electron/contract/entities/requests.ts';
import type { ErrorReport } from '../../../electron/contract/errors/errors.ts';
import { attempt } from '../../state/attempt.ts';

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

type StartedUpload = Upload & { signal: AbortSignal };

/** Files on their way into the library. */
export class Uploads {
  /** Files being uploaded and refused files, oldest first. */
  list = $state.raw<Upload[]>([]);
  readonly #studio: StudioApi;
  #count = 0;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  get running(): boolean {
    return this.list.some(({ error }) => error === null);
  }

  /** Uploads files one after the other and passes each to `received`. Refused ones stay in the list with their error. */
  async add(files: Iterable<File>, role: InputRole, received: (image: InputImage) => Promise<void>): Promise<void> {
    const entries = [...files].map((file) => ({ file, upload: this.#start(file.name || 'Pasted image', role) }));
    for (const { file, upload } of entries) await this.#send(file, upload, received);
  }

  /** Removes a file from the list. */
  dismiss(id: number): void {
    this.list = this.list.filter((upload) => upload.id !== id);
  }

  #start(name: string, role: InputRole): StartedUpload {
    const stop = new AbortController();
    const id = (this.#count += 1);
    const cancel = (): void => {
      stop.abort();
      this.dismiss(id);
    };
    const upload = { id, name, role, progress: 0, error: null, cancel, signal: stop.signal };
    this.list = [...this.list, upload];
    return upload;
  }

  async #send(
    file: File,
    { id, name, signal }: StartedUpload,
    received: (image: InputImage) => Promise<void>,
  ): Promise<void> {
    // It can be cancelled during any await.
    const cancelled = (): boolean => signal.aborted;
    if (cancelled()) return;
    const onProgress = (progress: number): void => this.#change(id, { progress });
    const error = await attempt(async () => {
      const image = await this.#studio.addInput(file, name, { signal, onProgress });
      if (cancelled()) return;
      this.dismiss(id);
      await received(image);
    });
    if (error && !cancelled()) this.#change(id, { error });
  }

  #change(id: number, change: Partial<Upload>): void {
    this.list = this.list.map((upload) => (upload.id === id ? { ...upload, ...change } : upload));
  }
}

import type { StudioApi } from '../../electron/contract/api.ts';
import { MAX_CERTIFICATE_FILE_BYTES } from '../../electron/contract/entities/certificates.ts';
import { attempt } from '../state/attempt.ts';

/** Chooses and removes the file of extra certificates. */
export class CertificateChoice {
  error = $state<string | null>(null);
  busy = $state(false);
  readonly #studio: StudioApi;

  constructor(studio: StudioApi) {
    this.#studio = studio;
  }

  async choose([file]: readonly File[]): Promise<void> {
    if (!file) return;
    if (file.size > MAX_CERTIFICATE_FILE_BYTES) {
      this.error = 'The file is larger than 1 MB. Choose a file with certificates only. Nothing was changed.';
      return;
    }
    await this.#change(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      await this.#studio.settings.trustCertificates({ name: file.name, base64: toBase64(bytes) });
    });
  }

  async remove(): Promise<void> {
    await this.#change(async () => {
      await this.#studio.settings.removeCertificates({});
    });
  }

  async #change(act: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = (await attempt(act))?.message ?? null;
    this.busy = false;
  }
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

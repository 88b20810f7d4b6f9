import type { StudioApi } from '../../electron/contract/api.ts';
import { attempt } from '../state/attempt.ts';

interface ShownText {
  title: string;
  description: string;
  text: string;
}

/** The log and the diagnostics, as About shows them. */
export class Diagnostics {
  /** What the dialog shows; null while it is closed. */
  shown = $state.raw<ShownText | null>(null);
  /** Why the last action failed, as a sentence. */
  error = $state<string | null>(null);
  readonly #studio: StudioApi;
  readonly #canReveal: boolean;

  constructor(studio: StudioApi, canReveal: boolean) {
    this.#studio = studio;
    this.#canReveal = canReveal;
  }

  /** Shows the log file in the system's file manager, or the end of it in a dialog where there is none. */
  async showLog(): Promise<void> {
    await this.#run(async () => {
      if (this.#canReveal) {
        await this.#studio.host.revealLog({});
        return;
      }
      const { path, lines } = await this.#studio.host.getLog({});
      this.shown = { title: 'Log', description: path, text: lines.join('\n') };
    });
  }

  /** Shows the diagnostics, from where they can be copied. */
  async showDiagnostics(): Promise<void> {
    await this.#run(async () => {
      const { text } = await this.#studio.host.getDiagnostics({});
      this.shown = {
        title: 'Diagnostics',
        description: 'Read this before you share it. It holds no keys, prompts, or images.',
        text,
      };
    });
  }

  close(): void {
    this.shown = null;
  }

  async #run(action: () => Promise<void>): Promise<void> {
    this.error = null;
    this.error = (await attempt(action))?.message ?? null;
  }
}

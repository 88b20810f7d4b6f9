import type { StudioApi } from '../../electron/contract/api.ts';
import type { FolderFindings, KnownLibrary } from '../../electron/contract/entities/libraries.ts';
import type { ErrorReport } from '../../electron/contract/errors/errors.ts';
import { attempt } from './attempt.ts';

/**
 * Opening another library: a folder is chosen or typed, what is in it is shown, and the person confirms. The page starts anew once the
 * library is open, by its event.
 */
export class LibrarySwitch {
  /** Libraries that were open before; null until loaded. */
  known = $state.raw<readonly KnownLibrary[] | null>(null);
  /** Whether its dialog is open. */
  asking = $state(false);
  /** What is in the chosen folder; null before one is chosen. */
  findings = $state.raw<FolderFindings | null>(null);
  /** A library is being opened. */
  opening = $state(false);
  /** Why the last step failed. */
  error = $state.raw<ErrorReport | null>(null);
  readonly #studio: Pick<StudioApi, 'host' | 'libraries'>;

  constructor(studio: Pick<StudioApi, 'host' | 'libraries'>) {
    this.#studio = studio;
  }

  async load(): Promise<void> {
    const error = await attempt(async () => {
      this.known = await this.#studio.libraries.list({});
    });
    if (error) this.known = [];
  }

  /** Begins: by the system's dialog where the host has one, else with a path to type. Cancelling changes nothing. */
  async begin(byDialog: boolean): Promise<void> {
    this.findings = null;
    this.error = null;
    if (!byDialog) {
      this.asking = true;
      return;
    }
    this.error = await attempt(async () => {
      this.findings = await this.#studio.host.chooseLibrary({});
      this.asking = this.findings !== null;
    });
    if (this.error) this.asking = true;
  }

  /** Looks at what is in a folder. */
  async inspect(folder: string): Promise<void> {
    this.error = await attempt(async () => {
      this.findings = await this.#studio.libraries.inspect({ folder });
    });
    this.asking = true;
  }

  /** Opens what was found, or creates it. The page goes on with it after `library-opened`. */
  async confirm(): Promise<void> {
    if (!this.findings || this.opening) return;
    const { folder, kind } = this.findings;
    this.opening = true;
    this.error = await attempt(() => this.#studio.libraries.open({ folder, create: kind !== 'library' }));
    this.opening = false;
    if (!this.error) this.close();
  }

  /** Choose again, where a path is typed. */
  again(): void {
    this.findings = null;
    this.error = null;
  }

  close(): void {
    this.asking = false;
    this.findings = null;
    this.error = null;
  }

  async forget(folder: string): Promise<void> {
    this.error = await attempt(() => this.#studio.libraries.forget({ folder }));
    if (!this.error) await this.load();
  }
}

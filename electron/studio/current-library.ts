import type { Outcome } from '../contract/api.ts';
import type { StudioEvent } from '../contract/events.ts';
import { StudioError, toErrorReport } from '../contract/errors/errors.ts';
import { ClosedRun } from './handlers/closed-run.ts';
import type { ClosedRunOf, ClosedWork } from './handlers/context.ts';
import type { LibraryRequest, LibrarySession } from './library-session.ts';

export interface CurrentLibraryOptions {
  open(request: LibraryRequest): Promise<LibrarySession>;
  /** Called for each event of the library that is open, and with `library-opened` after another one was opened. */
  emit(event: StudioEvent): void;
}

/**
 * The one open library of the application, which another one can take the place of while the application runs. Calls that arrive
 * meanwhile wait for the library that is open afterwards.
 */
export class CurrentLibrary {
  readonly #options: CurrentLibraryOptions;
  #session: LibrarySession;
  /** While none is open: the one that will be. Rejects if none could be opened. */
  #reopening: Promise<LibrarySession> | null = null;
  #switching = false;
  /** What goes on while none is open. */
  #closedRun: ClosedRun | null = null;

  private constructor(options: CurrentLibraryOptions, session: LibrarySession) {
    this.#options = options;
    this.#session = session;
    session.subscribe(options.emit);
  }

  /** @throws StudioError as `openSession` does */
  static async open(options: CurrentLibraryOptions, request: LibraryRequest): Promise<CurrentLibrary> {
    return new CurrentLibrary(options, await options.open(request));
  }

  get session(): LibrarySession {
    return this.#session;
  }

  /** Resolves with the library's session once one is open. @throws StudioError if none could be opened again */
  async ready(): Promise<LibrarySession> {
    return this.#reopening ?? this.#session;
  }

  /** Calls the handler of the open library. Never rejects. */
  async dispatch(endpoint: string, payload: unknown): Promise<Outcome> {
    if (!this.#reopening) return this.#session.dispatch(endpoint, payload);
    const cancelled = endpoint === 'runs.cancel' ? this.#closedRun?.cancel(payload) : null;
    if (cancelled) return { ok: cancelled };
    let session: LibrarySession;
    try {
      session = await this.#reopening;
    } catch (thrown) {
      return { error: toErrorReport(thrown) };
    }
    return session.dispatch(endpoint, payload);
  }

  /**
   * Opens another library, then closes the present one. If it can't be opened, the present one stays open and nothing has changed.
   * @throws StudioError `parameter-invalid` while requests or long work go on; as `openSession` does
   */
  async switchTo(folder: string): Promise<void> {
    await this.#exclusively(async () => {
      const next = await this.#options.open({ folder });
      const former = this.#session;
      this.#use(next);
      await former.close();
    });
  }

  /**
   * Closes the library, works on its closed folder and opens it again, whether the work succeeded or not. Only `runs.cancel` is answered
   * meanwhile.
   * @param run what its progress is shown as
   * @throws StudioError `parameter-invalid` while requests or long work go on; what `work` throws; as `openSession` does
   */
  async whileClosed(
    work: (folder: string, control: ClosedWork) => Promise<void>,
    run: ClosedRunOf | null = null,
  ): Promise<void> {
    await this.#exclusively(async () => {
      const { folder } = this.#session;
      const reopened = Promise.withResolvers<LibrarySession>();
      // Whoever calls meanwhile gets the error; without a caller it isn't unhandled.
      reopened.promise.catch(() => undefined);
      this.#reopening = reopened.promise;
      const closedRun = run && new ClosedRun(run, this.#options.emit);
      this.#closedRun = closedRun;
      closedRun?.begin();
      const signal = closedRun?.signal ?? new AbortController().signal;
      let said: string | null = null;
      try {
        await this.#session.close();
        await work(folder, {
          signal,
          progress: (done, total, name) => closedRun?.progress({ done, total, name: name ?? null }),
          say: (sentence) => (said = sentence),
        });
      } catch (thrown) {
        said = toErrorReport(thrown).message;
        throw thrown;
      } finally {
        this.#closedRun = null;
        await this.#options.open({ folder }).then(
          (session) => {
            this.#use(session, said);
            reopened.resolve(session);
          },
          (thrown: unknown) => {
            reopened.reject(thrown);
            throw thrown;
          },
        );
      }
    });
  }

  async close(): Promise<void> {
    const session = this.#reopening ? await this.#reopening.catch(() => null) : this.#session;
    await session?.close();
  }

  #use(session: LibrarySession, said: string | null = null): void {
    this.#session = session;
    this.#reopening = null;
    session.subscribe(this.#options.emit);
    this.#options.emit({ type: 'library-opened', folder: session.folder, said });
  }

  async #exclusively(work: () => Promise<void>): Promise<void> {
    if (this.#switching) throw refused('A library is already being opened.', 'Wait until it is open.');
    const jobs = this.#session.unfinishedJobs().length;
    if (jobs > 0)
      throw refused(
        jobs === 1 ? 'A request of this library isn’t finished.' : `${jobs} requests of this library aren’t finished.`,
        'Wait for the images, or stop what runs in Activity.',
      );
    if (this.#session.openRuns().length > 0)
      throw refused(
        'An import, an export or other work on this library goes on.',
        'Wait until it has ended, or cancel it.',
      );
    this.#switching = true;
    try {
      await work();
    } finally {
      this.#switching = false;
    }
  }
}

function refused(what: string, next: string): StudioError {
  return new StudioError({ code: 'parameter-invalid', message: `${what} ${next} Nothing was changed.` });
}

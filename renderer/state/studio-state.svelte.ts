import { untrack } from 'svelte';
import type { StudioApi } from '../../electron/contract/api.ts';
import type { StudioEvent } from '../../electron/contract/events.ts';
import { currentTime } from '../page/clock.ts';
import { watchDay } from '../page/watch-day.ts';
import { Draft } from './draft.svelte.ts';
import { ExportFlow } from './export-flow.svelte.ts';
import { FinishedJobs } from './finished-jobs.svelte.ts';
import { JobHistory } from './job-history.svelte.ts';
import { ImportFlow } from './import-flow.svelte.ts';
import { Jobs } from './jobs.svelte.ts';
import { fetchShape } from '../page/index-shape.ts';
import { ImagePicker } from './image-picker.svelte.ts';
import { LibraryChanges } from './library/changes.svelte.ts';
import { FacetCounts } from './library/facet-counts.svelte.ts';
import { ImageView } from './library/image-view.svelte.ts';
import type { LibraryState } from './library/library.ts';
import type { ViewSource } from './library/load-view.ts';
import { OrderLists } from './library/order-lists.svelte.ts';
import { ImageSelection } from './library/selection.svelte.ts';
import { Question } from './library/question.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Queue } from './queue.svelte.ts';
import { RecentJobs } from './recent-jobs.svelte.ts';
import { Runs } from './runs.svelte.ts';
import { SavedPrompts } from './saved-prompts.svelte.ts';
import { Submissions } from './submissions.svelte.ts';

/** The renderer's copy of the studio's state: one class a subject, kept current by the studio's events. */
export class StudioState {
  readonly preferences: Preferences;
  readonly jobs: Jobs;
  /** What this page sends and that costs money. */
  readonly submissions: Submissions;
  readonly queue: Queue;
  readonly history: JobHistory;
  readonly finished: FinishedJobs;
  readonly recentJobs: RecentJobs;
  /** What the library view shows. */
  readonly library: LibraryState;
  /** Choosing images of the library for something else. */
  readonly picker: ImagePicker;
  readonly prompts: SavedPrompts;
  /** Imports, exports and other long work on the library. */
  readonly runs: Runs;
  /** Importing files. */
  readonly imports: ImportFlow;
  /** Exporting images. */
  readonly exports: ExportFlow;
  /** The request being written. Exists only in the renderer; survives view changes and reloads. */
  readonly draft: Draft;
  /** False while the host can't be reached (loopback only). */
  connection = $state(true);
  /** When the connection was lost (ms since 1970); null while connected. */
  lostAt = $state<number | null>(null);
  readonly #studio: StudioApi;
  #unsubscribe: (() => void) | null = null;
  #stopDays: (() => void) | null = null;

  /** `shape` loads the shape of a view of the library. */
  constructor(studio: StudioApi, shape: ViewSource['shape'] = fetchShape) {
    this.#studio = studio;
    this.preferences = new Preferences(studio);
    this.jobs = new Jobs(studio);
    const library = (): string => this.preferences.settings?.library.folder ?? '';
    this.submissions = new Submissions({ studio, jobs: this.jobs, library });
    this.queue = new Queue(studio);
    this.history = new JobHistory(studio);
    this.finished = new FinishedJobs(studio);
    this.recentJobs = new RecentJobs(studio);
    const question = new Question();
    const view = new ImageView({ studio, shape }, question, library);
    const selection = new ImageSelection({ studio, question, view, folder: library });
    const lists = new OrderLists(studio, library);
    this.library = {
      question,
      view,
      selection,
      changes: new LibraryChanges({ studio, view, whyNot: () => this.preferences.whyNot('changes.apply') }),
      lists,
      counts: new FacetCounts(studio),
    };
    this.picker = new ImagePicker({ studio, shape });
    this.prompts = new SavedPrompts(studio, () => this.preferences.whyNot('prompts.save'));
    this.runs = new Runs(studio);
    this.imports = new ImportFlow(studio, this.runs, () => this.preferences.whyNot('imports.scan'));
    this.exports = new ExportFlow(studio, this.runs);
    this.draft = new Draft();
  }

  /** Subscribes to events, then loads everything. @throws where settings or jobs can't be loaded */
  async start(): Promise<void> {
    this.#unsubscribe ??= this.#studio.subscribe((event) => this.#applyUpdate(event));
    this.#stopDays ??= watchDay(() => this.#newDay());
    // An effect that starts it mustn't follow what loading reads: it would start everything again.
    await untrack(() => this.#load());
  }

  stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#stopDays?.();
    this.#stopDays = null;
    this.library.question.stop();
    this.library.view.stop();
    this.library.selection.stop();
    this.picker.cancel();
    this.library.lists.stop();
    this.draft.stop();
  }

  async #load(): Promise<void> {
    // A browser has six connections to its host: what the first images wait for goes first. The library's view, recent jobs, history and
    // finished jobs keep their own errors: an unreadable library must not hide the jobs.
    const preferences = this.preferences.load().then(() => {
      this.#openLibrary();
      void this.library.view.refresh();
    });
    const jobs = [this.jobs.load(), this.queue.load(), this.recentJobs.load()];
    if (this.history.loaded) void this.history.load();
    void this.finished.reload();
    void this.library.changes.load();
    void this.runs.load();
    this.library.lists.refresh();
    await Promise.all([preferences, ...jobs]);
    this.submissions.resume();
  }

  #applyUpdate(event: StudioEvent): void {
    switch (event.type) {
      case 'job':
        this.jobs.applyUpdate(event.job);
        this.history.applyUpdate(event.job);
        this.finished.applyUpdate(event.job);
        if (event.job.finishedAt !== null) void this.recentJobs.load();
        return;
      case 'job-dismissed':
        this.jobs.forget(event.jobId);
        this.history.dismissed(event.jobId);
        this.finished.dismissed(event.jobId);
        return;
      case 'queue':
        this.queue.applyUpdate(event.queue);
        return;
      case 'library':
        void this.recentJobs.load();
        void this.preferences.recount();
        return;
      case 'index':
        this.library.view.applyUpdate(event.status);
        this.picker.applyUpdate(event.status);
        // While it is loading, it says how far it is, and nothing has changed.
        if (!event.status.ready) return;
        this.library.lists.refresh();
        this.prompts.refresh();
        return;
      case 'change':
        this.library.changes.applyUpdate(event.change);
        this.library.question.follow(event.change);
        return;
      case 'run':
        this.runs.applyUpdate(event.run);
        return;
      case 'order':
        this.library.lists.refresh();
        this.prompts.refresh();
        return;
      case 'settings':
        this.preferences.settings = event.settings;
        this.#openLibrary();
        return;
      // Everything here is of the former library: the page starts anew.
      case 'library-opened':
        return;
      case 'connection':
        this.#reconnect(event.online);
    }
  }

  /** Words for days mean others: in the open query, and in smart collections. */
  #newDay(): void {
    void this.library.view.refresh();
    this.library.lists.refresh();
  }

  /** Once its folder is known: each library has a question of its own. */
  #openLibrary(): void {
    const folder = this.preferences.settings?.library.folder;
    if (folder === undefined) return;
    this.draft.open(folder);
    this.library.question.open(folder);
    this.library.view.start();
    this.library.selection.start();
  }

  #reconnect(online: boolean): void {
    const returned = online && !this.connection;
    this.#mark(online);
    // Events may have been missed; a second failure sets `connection` again.
    if (returned) this.#load().catch(() => this.#mark(false));
  }

  #mark(online: boolean): void {
    this.connection = online;
    this.lostAt = online ? null : (this.lostAt ?? currentTime());
  }
}

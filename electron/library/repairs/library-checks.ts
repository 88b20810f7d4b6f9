import {
  FINDINGS,
  type FindingKind,
  type FindingsPage,
  type Repair,
  type RepairOutcomes,
} from '../../contract/entities/checks.ts';
import type { RunId } from '../../contract/entities/ids.ts';
import { isOpen, type Run } from '../../contract/entities/runs.ts';
import { StudioError } from '../../contract/errors/errors.ts';
import { runCheck } from '../check/run-check.ts';
import type { Library } from '../files/library-handle.ts';
import type { LibraryRuns } from '../runs/library-runs.ts';
import type { RunControl } from '../runs/run-control.ts';
import { addUnlisted, type RefusedOriginal } from './add-unlisted.ts';
import { Outcome, repairEach } from './outcome.ts';
import { quarantineRefused } from './quarantine-refused.ts';
import { repairRecord } from './repair-records.ts';
import { repairThumbnails } from './repair-thumbnails.ts';

export interface LibraryChecksOptions {
  /** Images were added, or have thumbnails again. */
  changed(): void;
  /** Files were listed, or moved out of the originals. */
  listed(): Promise<void>;
  /** What a file's repair threw. */
  failed(thrown: unknown): void;
}

/** Everything that a check found, by kind: names in the library's folder. */
type Found = Record<FindingKind, string[]>;

/** Checks of an open library's files, and repairs of what the last one found. */
export class LibraryChecks {
  readonly #library: Library;
  readonly #runs: LibraryRuns;
  readonly #options: LibraryChecksOptions;
  #found: Found | null = null;
  #outcomes: RepairOutcomes = {};
  #refused: RefusedOriginal[] = [];

  constructor(library: Library, runs: LibraryRuns, options: LibraryChecksOptions) {
    this.#library = library;
    this.#runs = runs;
    this.#options = options;
  }

  /** Checks all files. Its result is the report. @throws StudioError `parameter-invalid` while a check or a repair runs */
  check(id: RunId): Run {
    this.#requireNo('repair', 'A repair is running.');
    return this.#runs.start({ id, kind: 'check' }, async (control) => {
      const found = Object.fromEntries(FINDINGS.map((kind) => [kind, [] as string[]])) as Found;
      const report = await runCheck(this.#library, control, (kind, name) => found[kind].push(name));
      this.#found = found;
      this.#outcomes = {};
      this.#refused = [];
      return report;
    });
  }

  /**
   * Repairs what the last check found. Its result is how all repairs since that check ended.
   * @throws StudioError `not-found` if nothing was checked; `parameter-invalid` while a check or a repair runs
   */
  repair(id: RunId, repair: Repair): Run {
    this.#requireNo('check', 'A check is running.');
    const found = this.#requireFound();
    return this.#runs.start({ id, kind: 'repair', result: this.#outcomes }, async (control) => {
      const outcome = new Outcome();
      try {
        await this.#repair(id, repair, found, outcome, control);
      } finally {
        this.#options.changed();
        if (repair === 'unlisted' || repair === 'quarantine') await this.#options.listed();
      }
      this.#outcomes = { ...this.#outcomes, [repair]: outcome.summary };
      return this.#outcomes;
    });
  }

  async #repair(id: RunId, repair: Repair, found: Found, outcome: Outcome, control: RunControl): Promise<void> {
    const library = this.#library;
    const { failed, changed } = this.#options;
    if (repair === 'unlisted') {
      const work = { library, id, records: found.unlistedRecords, originals: found.unlisted, added: changed, failed };
      this.#refused = await addUnlisted(work, outcome, control);
      return;
    }
    if (repair === 'quarantine') {
      const files = new Map(this.#refused.map((file) => [file.name, file]));
      const move = async (name: string): Promise<'repaired' | 'skipped'> => {
        const file = files.get(name);
        return file ? quarantineRefused(library, file) : 'skipped';
      };
      await repairEach([...files.keys()], outcome, { control, repair: move, failed });
      return;
    }
    const one = repair === 'records' ? repairRecord : repairThumbnails;
    const names = found[repair === 'records' ? 'records' : 'withoutThumbnail'];
    await repairEach([...new Set(names)], outcome, { control, repair: (name) => one(library, name), failed });
  }

  /** A part of everything of one kind that the last check found. @throws StudioError `not-found` if nothing was checked */
  findings(kind: FindingKind, { after, limit }: { after: number; limit: number }): FindingsPage {
    const names = this.#requireFound()[kind];
    const next = after + limit;
    return { names: names.slice(after, next), next: next < names.length ? next : null };
  }

  #requireFound(): Found {
    if (this.#found) return this.#found;
    throw new StudioError({ code: 'not-found', message: 'Check the library first. Nothing was changed.' });
  }

  #requireNo(kind: 'check' | 'repair', sentence: string): void {
    if (!this.#runs.list().some((run) => run.kind === kind && isOpen(run))) return;
    const message = `${sentence} Wait until it has ended, or cancel it. Nothing was changed.`;
    throw new StudioError({ code: 'parameter-invalid', message });
  }
}

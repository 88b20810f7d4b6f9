import {
  BROUGHT_MARKS,
  type ImportReport,
  type RefusedCount,
  type RefusedFile,
  type RefusedPage,
} from '../../contract/entities/imports.ts';
import type { Judged } from './messages.ts';
import type { Candidate } from './scan/candidate.ts';
import { importDate } from './scan/import-date.ts';

/** Files that can't be imported, in the order in which they were found. */
export class RefusedFiles {
  readonly #files: RefusedFile[] = [];

  add(file: RefusedFile): void {
    this.#files.push(file);
  }

  get all(): readonly RefusedFile[] {
    return this.#files;
  }

  get counts(): RefusedCount[] {
    return countBy(this.#files, ({ problem }) => problem).map(([problem, count]) => ({ problem, count }));
  }

  /** @param problem null for all */
  page({
    problem,
    after,
    limit,
  }: {
    problem: RefusedFile['problem'] | null;
    after: number;
    limit: number;
  }): RefusedPage {
    const page: RefusedPage = { files: [], next: null };
    for (let at = after; at < this.#files.length; at += 1) {
      const file = this.#files[at];
      if (!file || (problem !== null && file.problem !== problem)) continue;
      if (page.files.length === limit) return { ...page, next: at };
      page.files.push(file);
    }
    return page;
  }
}

/** What an import would do: the images that it would add, and what it can't. */
export class ImportPlan {
  readonly candidates: Candidate[] = [];
  readonly refused = new RefusedFiles();
  /** Files that were looked at. */
  files = 0;
  #known = 0;
  #knownBrought = 0;
  #repeated = 0;
  readonly #records = { ignored: 0, newer: 0 };

  add(found: readonly Judged[]): void {
    for (const finding of found) {
      if (finding.kind === 'records') {
        this.#records.ignored += finding.ignored;
        this.#records.newer += finding.newer;
        continue;
      }
      this.files += 1;
      if (finding.kind === 'refused') this.refused.add(finding.refused);
      else if (finding.known === 'new') this.candidates.push(finding.candidate);
      else if (finding.known === 'repeated') this.#repeated += 1;
      else {
        this.#known += 1;
        if (finding.candidate.marks.length > 0) this.#knownBrought += 1;
      }
    }
  }

  /** @param free bytes on the library's disk; null where that isn't known */
  report(free: number | null): ImportReport {
    const { candidates } = this;
    let [first, last, bytes] = [Infinity, -Infinity, 0];
    const now = Date.now();
    for (const candidate of candidates) {
      const { at } = importDate(candidate.dates, now);
      first = Math.min(first, at);
      last = Math.max(last, at);
      bytes += candidate.bytes;
    }
    const prompts = countBy(candidates, ({ source }) => source);
    return {
      images: candidates.length,
      bytes,
      free,
      dates: candidates.length === 0 ? null : { first, last },
      formats: countBy(candidates, ({ format }) => format).map(([format, count]) => ({ format, count })),
      prompts: prompts.flatMap(([source, count]) => (source === null ? [] : [{ source, count }])),
      brought: {
        images: candidates.filter(({ marks }) => marks.length > 0).length,
        marks: BROUGHT_MARKS.filter((mark) => candidates.some(({ marks }) => marks.includes(mark))),
      },
      known: this.#known,
      knownBrought: this.#knownBrought,
      records: { ...this.#records },
      repeated: this.#repeated,
      refused: this.refused.counts,
    };
  }
}

/** How often each value occurs, the most frequent first. */
function countBy<Item, Value>(items: readonly Item[], valueOf: (item: Item) => Value): [Value, number][] {
  const counts = new Map<Value, number>();
  for (const item of items) counts.set(valueOf(item), (counts.get(valueOf(item)) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

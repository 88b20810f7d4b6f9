import type { ImportProblem } from '../../../contract/entities/imports.ts';
import type { Sha256 } from '../../../contract/entities/ids.ts';
import type { BesideFacts, BesideImage } from '../prompts/beside.ts';
import type { IndexedImage, RecordIndex } from '../records/record-index.ts';
import type { BesideState } from './beside-files.ts';

/** What is known of an export: what it says about its images, and the records of one of Emulsion. */
export interface ReadBeside {
  facts: BesideFacts;
  /** What became of the files that say it, by their names. */
  states: ReadonlyMap<string, BesideState>;
  records: RecordIndex | null;
}

/** An export, or a library, among what was chosen. `name`: what the names of its files begin with. */
export interface ExportScope extends ReadBeside {
  name: string;
}

/** The exports that a file is in, one in another: the innermost that knows a file counts. */
export class ExportScopes {
  #open: readonly ExportScope[];

  /** @param open the outer ones first */
  constructor(open: readonly ExportScope[]) {
    this.#open = open;
  }

  /** Adds one in the others. */
  enter(scope: ExportScope): void {
    this.#open = [...this.#open, scope];
  }

  /** Forgets those that a file of this name isn't in, and returns them. */
  leave(name: string): readonly ExportScope[] {
    const left = this.#open.filter((scope) => !name.startsWith(scope.name));
    if (left.length > 0) this.#open = this.#open.filter((scope) => name.startsWith(scope.name));
    return left;
  }

  /** All that are open, the outer ones first. */
  get open(): readonly ExportScope[] {
    return this.#open;
  }

  /** Whether a file is no image of an export, or has been read as what it says about them. */
  skips(name: string): boolean {
    return this.#around(name).some(
      ({ inner, scope }) => scope.states.get(inner) === 'read' || scope.facts.skips?.(inner) === true,
    );
  }

  /** Why a file that says how images were made couldn't be read; null if it was, or is no such file. */
  unread(name: string): ImportProblem | null {
    const states = this.#around(name).map(({ inner, scope }) => scope.states.get(inner));
    return states.find((state) => state !== undefined && state !== 'read') ?? null;
  }

  /** What the exports say about an image in a file beside it. */
  said(name: string): BesideImage | null {
    for (const { inner, scope } of this.#around(name)) {
      const said = scope.facts.of(inner);
      if (said) return said;
    }
    return null;
  }

  /** The record of an image, by its own bytes or those that it is a copy of. */
  record(name: string, sha256: Sha256, copied: Sha256 | null): IndexedImage | null {
    for (const { scope } of this.#around(name)) {
      const record = scope.records?.find(sha256, copied);
      if (record) return record;
    }
    return null;
  }

  /** The exports around a file, the innermost first, and its name in each of them. */
  #around(name: string): { inner: string; scope: ExportScope }[] {
    const around = this.#open.filter((scope) => name.startsWith(scope.name));
    return around.map((scope) => ({ inner: name.slice(scope.name.length), scope })).reverse();
  }
}

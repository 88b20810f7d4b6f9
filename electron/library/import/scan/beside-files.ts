import type { ImportProblem } from '../../../contract/entities/imports.ts';
import { MAX_BESIDE_BYTES, MAX_BESIDE_TOTAL_BYTES } from '../../../contract/rules/import-limits.ts';
import { NOTHING_BESIDE, saysAlways, type BesideFacts } from '../prompts/beside.ts';
import { readChatGpt } from '../prompts/chatgpt.ts';
import { readEmulsionExport } from '../prompts/emulsion.ts';
import { parseJson } from '../prompts/json-values.ts';
import { readPlayground } from '../prompts/playground.ts';

/** What became of a file in which an export speaks of its images; one that isn't listed is like any other file. */
export type BesideState = 'read' | Extract<ImportProblem, 'beside-too-large' | 'beside-damaged'>;

/** Bytes of such files that may still be read of what was chosen: exports in each other share them. */
export interface BesideBudget {
  left: number;
}

export const newBudget = (): BesideBudget => ({ left: MAX_BESIDE_TOTAL_BYTES });

/** The files of one export that speak of its images: it may have any number of them, and all count. */
export class BesideFiles {
  /** By their names. */
  readonly states = new Map<string, BesideState>();
  readonly #facts: BesideFacts[] = [];
  readonly #budget: BesideBudget;
  #isEmulsion = false;

  constructor(budget: BesideBudget) {
    this.#budget = budget;
  }

  /** Adds a file, one at a time. @param read its text; null if it can't be read, which its own entry tells of */
  async add(name: string, size: number, read: () => Promise<string | null>): Promise<void> {
    if (size > MAX_BESIDE_BYTES || size > this.#budget.left) {
      this.states.set(name, 'beside-too-large');
      return;
    }
    this.#budget.left -= size;
    const text = await read();
    if (text === null) return;
    const parsed = parseJson(text);
    const ours = readEmulsionExport(parsed);
    const facts = ours ?? readChatGpt(parsed) ?? readPlayground(parsed);
    this.#isEmulsion ||= ours !== null;
    if (facts) {
      this.#facts.push(facts);
      this.states.set(name, 'read');
    } else if (parsed === null && saysAlways(name)) this.states.set(name, 'beside-damaged');
  }

  /** Whether it is an export of Emulsion, which has records. */
  get isEmulsion(): boolean {
    return this.#isEmulsion;
  }

  /** What all of them say; the first that knows an image counts. */
  get facts(): BesideFacts {
    const all = [...this.#facts];
    const [only] = all;
    if (all.length < 2) return only ?? NOTHING_BESIDE;
    return {
      of(name) {
        for (const facts of all) {
          const found = facts.of(name);
          if (found) return found;
        }
        return null;
      },
      skips: (name) => all.some((facts) => facts.skips?.(name) === true),
    };
  }
}

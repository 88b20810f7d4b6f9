import * as v from 'valibot';
import {
  GroupingSchema,
  MAX_QUERY_LENGTH,
  SortSchema,
  StackingSchema,
} from '../../../electron/contract/entities/query.ts';
import { shortHash } from '../short-hash.ts';

/** By library folder: each library has its own question. */
const PREFIX = 'emulsion.question.';

const QuestionSchema = v.object({
  text: v.pipe(v.string(), v.maxLength(MAX_QUERY_LENGTH)),
  sort: SortSchema,
  special: v.nullable(SortSchema),
  grouping: GroupingSchema,
  stacking: StackingSchema,
  place: v.picklist(['library', 'trash']),
});
export type StoredQuestion = v.InferOutput<typeof QuestionSchema>;

/** All images, newest first, by day. */
export const FRESH: StoredQuestion = {
  text: '',
  sort: { by: 'date', descending: true },
  special: null,
  grouping: 'day',
  stacking: 'none',
  place: 'library',
};

/** The question that a library was asked last; all of its images where that is unknown or can't be read. */
export function readQuestion(folder: string): StoredQuestion {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), QuestionSchema), read(PREFIX + shortHash(folder)));
  return parsed.success ? parsed.output : FRESH;
}

export function storeQuestion(folder: string, question: StoredQuestion): void {
  try {
    const text = question.text.length > MAX_QUERY_LENGTH ? '' : question.text;
    localStorage.setItem(PREFIX + shortHash(folder), JSON.stringify({ ...question, text }));
  } catch {
    // Storage is unavailable: the question is not remembered.
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

import type { Library } from '../files/library-handle.ts';

const last = new WeakMap<Library, Promise<unknown>>();

/** Runs tasks that hold decoded images one after the other: two at once would need twice the memory. */
export function runSerially<Result>(library: Library, work: () => Promise<Result>): Promise<Result> {
  const mine = (last.get(library) ?? Promise.resolve()).then(work);
  last.set(
    library,
    mine.catch(() => undefined),
  );
  return mine;
}

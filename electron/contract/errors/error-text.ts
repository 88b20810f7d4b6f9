/** A sentence about what happened, and one about what to do ('' if there is nothing to do). Neither says anything about money. */
export interface ErrorText {
  what: string;
  next: string;
}

export function say(what: string, next = ''): ErrorText {
  return { what, next };
}

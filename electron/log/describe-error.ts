import { cleanMessage, cleanText } from './clean-text.ts';

/** Causes of causes that are followed. */
const MAX_CAUSES = 4;
const MAX_FRAMES = 20;
const FRAME = /^\s+at .+(?::\d+|<anonymous>|native)\)?$/u;

/**
 * What was thrown as lines for the log: name, code, message and stack, then the same of its cause. Left out are the messages that hold
 * what a person or a server wrote: those of `StudioError` (its code says which one it was) and of JSON that could not be parsed.
 */
export function describeError(thrown: unknown): string[] {
  const lines: string[] = [];
  let at = thrown;
  for (let depth = 0; depth <= MAX_CAUSES && at instanceof Error; depth += 1) {
    lines.push(`${depth === 0 ? '' : 'caused by '}${headline(at)}`, ...frames(at));
    at = at.cause;
  }
  if (lines.length > 0) return lines;
  return thrown === null || thrown === undefined ? [] : [`a thrown ${typeof thrown}`];
}

function headline(error: Error): string {
  const code = 'code' in error && typeof error.code === 'string' ? ` [${cleanText(error.code)}]` : '';
  const silent = error.name === 'StudioError' || error instanceof SyntaxError || error.message === '';
  return `${cleanText(error.name)}${code}${silent ? '' : `: ${cleanMessage(error.message)}`}`;
}

/** The stack begins with the message, which can have several lines of its own. */
function frames(error: Error): string[] {
  const { stack = '', message } = error;
  const at = stack.indexOf(message);
  return stack
    .slice(at === -1 ? 0 : at + message.length)
    .split('\n')
    .filter((line) => FRAME.test(line))
    .slice(0, MAX_FRAMES)
    .map((line) => `  ${cleanText(line)}`);
}
